// Where the program `tlbscope` is. An editor that a desktop starts often has another PATH than a shell, so the folder in which
// `cargo install` puts programs is searched too.
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");

function isProgram(file) {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/**
 * The path of a program that is named as in the settings; nothing if there is none.
 * A relative path begins at `folder`.
 */
function program(named, folder, env = process.env) {
    const home = env.HOME || env.USERPROFILE || os.homedir();
    const name = named.replace(/^~(?=[\\/])/, () => home);
    const cargo = path.join(env.CARGO_HOME || path.join(home, ".cargo"), "bin");
    const whole = /[\\/]/.test(name);
    const folders = whole ? [folder ?? "."] : [...(env.PATH ?? "").split(path.delimiter).filter(Boolean), cargo];
    const endings = process.platform === "win32" && !/\.\w+$/.test(name) ? [".exe"] : [""];
    const files = folders.flatMap((folder) => endings.map((ending) => path.resolve(folder, name + ending)));
    return files.find(isProgram);
}

module.exports = { program };
