import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** The folders of src/ from the ground up: each may import those before it, none of those after it. */
const FLOORS = [
  "base",
  "chain",
  "orders",
  "signing",
  "journal",
  "notice",
  "audit",
  "tracing",
  "compensation",
  "deployment",
  "operation",
  "cli",
];

const arrowsUp = FLOORS.map((floor, i) => ({
  target: `./src/${floor}`,
  from: [...FLOORS.slice(i + 1).map((above) => `./src/${above}`), "./test", "./bench", "./scripts"],
  message: "Arrows run down.",
}));

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "artifacts/",
      "cache/",
      "coverage/",
      "types/",
      "deploy/deployments/",
      "out/",
      "examples/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ObjectExpression > SpreadElement > ObjectExpression, ArrayExpression > SpreadElement > ArrayExpression",
          message: "Write the parts where they belong.",
        },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["src/base/zod.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { name: "zod", message: "Import src/base/zod.ts, which says faults in plain words." },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts"] })],
    },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones: arrowsUp }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
