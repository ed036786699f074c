/* The language server: diagnostics while typing, hovers, definitions and quick fixes for Terraform,
 * manifests, charts, values and rule files, over stdin and stdout (Language Server Protocol 3.17).
 */
#ifndef AS_LSP_LSP_H
#define AS_LSP_LSP_H

/* Serves until the client says "exit" or its end of the pipe closes. The exit code that the
 * protocol asks for: 0 after "shutdown", else 1. */
int as_lsp_serve(int in, int out);

#endif
