import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "node_modules", "pictures", "src/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "svelte/no-at-html-tags": "error",
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only ipc.ts talks to the shell." },
            {
              group: ["**/bindings", "**/bindings.ts"],
              message: "Only ipc.ts calls the generated bindings, and types.ts names their types.",
            },
          ],
        },
      ],
    },
  },
  { files: ["src/ipc.ts", "src/types.ts"], rules: { "no-restricted-imports": "off" } },
);
