// Starts `tlbscope lsp` and connects the editor to it. All that the extension knows of the language is there.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function activate(context) {
    const command = vscode.workspace.getConfiguration("tlbscope").get("path");
    const server = { command, args: ["lsp"] };
    client = new LanguageClient("tlbscope", "TLBscope", server, {
        documentSelector: [{ language: "tlbscope" }],
        // Kernels that are in the program have addresses of their own.
        initializationOptions: { library: true },
    });
    const library = {
        provideTextDocumentContent: (uri) => client.sendRequest("tlbscope/text", { uri: uri.toString(true) }),
    };
    context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider("tlbscope", library));
    await client.start();
}

function deactivate() {
    return client?.stop();
}

module.exports = { activate, deactivate };
