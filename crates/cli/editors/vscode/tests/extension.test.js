// The extension in an editor that is not there: what it asks of it, and in which order. `cargo test -p cli extension` runs this.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tlbscope-extension-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

/** A file that can be started. */
function put(...parts) {
    const file = path.join(folder, ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "", { mode: 0o755 });
    return file;
}

// What happened, the reader's answers to messages, the setting.
const seen = [];
const answers = [];
let named = "tlbscope";
let changed;

const ending = { dispose() {} };
const vscode = {
    env: {},
    commands: {
        registerCommand: () => ending,
        executeCommand: (...command) => seen.push(command.join(" ")),
    },
    window: {
        showErrorMessage: async (message) => {
            seen.push(message.replace(/,.*/s, ""));
            return answers.shift()?.();
        },
    },
    workspace: {
        workspaceFolders: [{ uri: { fsPath: folder } }],
        getConfiguration: () => ({ get: () => named }),
        createFileSystemWatcher: (pattern) => ({ pattern, ...ending }),
        registerTextDocumentContentProvider: (scheme, provider) => ({ scheme, provider, ...ending }),
        onDidChangeConfiguration: (listener) => ((changed = listener), ending),
    },
};

class LanguageClient {
    constructor(_id, _name, server, options) {
        this.name = `${path.relative(folder, server.command)} ${server.args}`;
        assert.deepStrictEqual(options.initializationOptions, { library: true });
    }
    async start() {
        seen.push(`start ${this.name}`);
    }
    async dispose() {
        seen.push(`stop ${this.name}`);
    }
    async sendRequest(method, { uri }) {
        return `${method} ${uri}`;
    }
}

const load = Module._load;
Module._load = (name, ...rest) =>
    ({ vscode, "vscode-languageclient/node": { LanguageClient } })[name] ?? load(name, ...rest);
const extension = require("../src/extension.js");
const { program } = require("../src/program.js");

/** What was seen since the last time. */
async function since() {
    // Messages are answered after the call that shows them.
    await new Promise((resolve) => setImmediate(resolve));
    return seen.splice(0);
}

test("a program is found where a shell or cargo finds it", () => {
    const env = { HOME: path.join(folder, "home"), PATH: path.join(folder, "bin") };
    assert.strictEqual(program("tlbscope", folder, env), undefined);
    const cargo = put("home", ".cargo", "bin", "tlbscope");
    assert.strictEqual(program("tlbscope", folder, env), cargo);
    const bin = put("bin", "tlbscope");
    assert.strictEqual(program("tlbscope", folder, env), bin);
    assert.strictEqual(program("./bin/tlbscope", folder, env), bin);
    assert.strictEqual(program("~/.cargo/bin/tlbscope", folder, env), cargo);
    assert.strictEqual(program("./bin", folder, env), undefined);
    fs.chmodSync(bin, 0o644);
    assert.strictEqual(program("tlbscope", folder, env), process.platform === "win32" ? bin : cargo);
});

test("a missing program is told, and started once it is there", async () => {
    Object.assign(process.env, { HOME: path.join(folder, "empty"), PATH: "" });
    delete process.env.CARGO_HOME;
    answers.push(() => "Open Settings");
    const context = { subscriptions: [] };
    await extension.activate(context);
    const told = "TLBscope: the program tlbscope was not found";
    assert.deepStrictEqual(await since(), [told, "workbench.action.openSettings tlbscope.path"]);
    const library = context.subscriptions.find((there) => there.scheme === "tlbscope").provider;
    assert.strictEqual(library.provideTextDocumentContent({ toString: () => "a" }), undefined);
    // The reader installs it and tries again.
    answers.push(() => (put("empty", ".cargo", "bin", "tlbscope"), "Try Again"));
    await changed({ affectsConfiguration: () => true });
    assert.deepStrictEqual(await since(), [told, "start empty/.cargo/bin/tlbscope lsp"]);
    assert.strictEqual(await library.provideTextDocumentContent({ toString: () => "a" }), "tlbscope/text a");
});

test("another path stops the old program first", async () => {
    put("other", "tlbscope");
    named = "other/tlbscope";
    await changed({ affectsConfiguration: () => false });
    assert.deepStrictEqual(await since(), []);
    // Twice at once: one after the other.
    await Promise.all([changed({ affectsConfiguration: () => true }), changed({ affectsConfiguration: () => true })]);
    const both = ["stop other/tlbscope lsp", "start other/tlbscope lsp"];
    assert.deepStrictEqual(await since(), ["stop empty/.cargo/bin/tlbscope lsp", "start other/tlbscope lsp", ...both]);
    await extension.deactivate();
    assert.deepStrictEqual(await since(), ["stop other/tlbscope lsp"]);
});
