// Starts `tlbscope lsp` and connects the editor to it. All that the extension knows of the language is there.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { program } = require("./program");

const AGAIN = "Try Again";
const SETTINGS = "Open Settings";

let client;
let watcher;
// Starts and stops, one after the other.
let work = Promise.resolve();

async function missing(named) {
    const message = `TLBscope: the program ${named} was not found, so there are colours and nothing else. Install it with "cargo install --path crates/cli" in a checkout of TLBscope, or name its path in the settings.`;
    const chosen = await vscode.window.showErrorMessage(message, AGAIN, SETTINGS);
    if (chosen === AGAIN) await restart();
    if (chosen === SETTINGS) await settings();
}

// A program is of one machine: where that is a remote one, its settings have a page of their own.
function settings() {
    const query = "tlbscope.path";
    return vscode.env.remoteName
        ? vscode.commands.executeCommand("workbench.action.openRemoteSettings", { query })
        : vscode.commands.executeCommand("workbench.action.openSettings", query);
}

async function start() {
    const named = vscode.workspace.getConfiguration("tlbscope").get("path") || "tlbscope";
    const command = program(named, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
    if (!command) {
        // Not awaited: the reader may answer much later.
        void missing(named);
        return;
    }
    client = new LanguageClient("tlbscope", "TLBscope", { command, args: ["lsp"] }, {
        documentSelector: [{ language: "tlbscope" }],
        // Kernels that are in the program have addresses of their own.
        initializationOptions: { library: true },
        synchronize: { fileEvents: watcher },
    });
    // What goes wrong from here on, the client says itself, and it starts the program again if that ends.
    await client.start().catch(() => {});
}

async function stop() {
    const stopped = client;
    client = undefined;
    // One that did not start can't be stopped, and need not be.
    await stopped?.dispose().catch(() => {});
}

function restart() {
    work = work.then(stop).then(start);
    return work;
}

async function activate(context) {
    watcher = vscode.workspace.createFileSystemWatcher("**/*.tlb");
    const library = {
        provideTextDocumentContent: (uri) => client?.sendRequest("tlbscope/text", { uri: uri.toString(true) }),
    };
    const pathChanged = (change) => change.affectsConfiguration("tlbscope.path") && restart();
    context.subscriptions.push(
        watcher,
        vscode.workspace.registerTextDocumentContentProvider("tlbscope", library),
        vscode.workspace.onDidChangeConfiguration(pathChanged),
        vscode.commands.registerCommand("tlbscope.restart", restart),
    );
    await restart();
}

module.exports = { activate, deactivate: stop };
