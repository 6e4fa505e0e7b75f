import { z } from "../../base/zod.ts";
import { locate } from "../../base/lines.ts";
import { oneLine, type Label } from "./label.ts";
import type { TextFile } from "./list.ts";
import { FileRefusedError, RowRefusedError } from "../sources/refused.ts";

/** What an entry has of its own or inherits from the head of the pack. */
const inherited = {
  label: z.string().optional(),
  category: z.string().optional(),
  source: z.string().optional(),
  lastmod: z.string().optional(),
};
const tagPack = z.looseObject({
  ...inherited,
  tags: z.array(z.looseObject({ ...inherited, address: z.string() })),
});

/** Whether a file is a GraphSense TagPack: YAML that begins with a key, or a JSON object with tags. */
export const isTagPack = ({ text }: TextFile): boolean =>
  /^\uFEFF?(?:\s|#.*\n|---.*\n)*(?:[\w-]+|"[\w-]+"):(?:\s|$)/.test(text) || /^\s*\{[^]*"tags"\s*:/.test(text);

/** The entries of a TagPack as published. @throws FileRefusedError, RowRefusedError */
export function tagPackOf({ path, text }: TextFile): { labels: readonly Label[]; date: string } {
  // Every scalar as text: an address without quotes would otherwise be a number, and a rounded one.
  const { document, lineOf, lineAt } = locate(text, { schema: "failsafe" });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new RowRefusedError({ file: path, line: lineAt(error.pos[0]) }, "it is no YAML", error.message, "a TagPack");
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch (cause) {
    throw new FileRefusedError(path, "it cannot be read as YAML", (cause as Error).message, "a TagPack", cause);
  }
  const result = tagPack.safeParse(content);
  if (!result.success) {
    const [issue] = result.error.issues;
    const has = `${issue?.path.join(".") || "the pack"}: ${issue?.message}`;
    const at = { file: path, line: lineOf(issue?.path ?? []) };
    throw new RowRefusedError(at, "it is no TagPack", has, "tags, each with an address");
  }
  const pack = result.data;
  const labels = pack.tags.map((tag, i): Label => {
    const own = (key: keyof typeof inherited): string => oneLine(tag[key] ?? pack[key] ?? "");
    return {
      address: oneLine(tag.address),
      label: own("label"),
      kind: own("category"),
      source: own("source"),
      date: own("lastmod"),
      get line() {
        return lineOf(["tags", i]);
      },
    };
  });
  return { labels, date: oneLine(pack.lastmod ?? "") };
}
