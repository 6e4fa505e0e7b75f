import type { Command } from "commander";

export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes the program's nouns, verbs and options, of the program as it is now; where none fits, the shell completes files. */
export function completionFor(program: Command, shell: Shell): string {
  const cases = pathsOf(program, []).map(({ path, words }) => `    "${path.join(" ")}") words="${words.join(" ")}" ;;`);
  const name = program.name();
  return [
    ...(shell === "zsh"
      ? [
          "whence compdef >/dev/null || { autoload -U compinit && compinit; }",
          "autoload -U +X bashcompinit && bashcompinit",
        ]
      : []),
    `_${name}() {`,
    "  # No name here is one that a shell means something else by, as zsh by path.",
    "  local typed= words= word",
    '  for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do',
    '    case "$word" in -*) break ;; *) typed="${typed:+$typed }$word" ;; esac',
    "  done",
    "  # Arguments of a command follow it: the longest path that is known counts.",
    '  while [ -n "$typed" ]; do',
    '    case "$typed" in',
    ...pathsOf(program, []).flatMap(({ path }) => (path.length === 0 ? [] : [`      "${path.join(" ")}") break ;;`])),
    "    esac",
    '    case "$typed" in *" "*) typed="${typed% *}" ;; *) typed= ;; esac',
    "  done",
    '  case "$typed" in',
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "# With no word of ours the shell completes files itself, and quotes what has blanks.",
    `complete -o default -F _${name} ${name}`,
    "",
  ].join("\n");
}

/** Every command, and what may follow it. */
function pathsOf(command: Command, path: readonly string[]): { path: readonly string[]; words: string[] }[] {
  const verbs = command.commands.map((it) => it.name());
  const options = command.options.map(({ long }) => long ?? "").filter((long) => long !== "");
  return [
    { path, words: [...verbs, ...options, "--help"] },
    ...command.commands.flatMap((it) => pathsOf(it, [...path, it.name()])),
  ];
}
