import type { Language } from "../base/languages.ts";
import { escaped, pageOf } from "../base/markup.ts";

/** What is told of an account as a page to print, A4: the same lines, of which the first is the head. */
export function noticePage(text: string, language: Language): string {
  const lines = text.split("\n");
  const body = lines.map((line) => {
    if (line === "") return "<hr>";
    return line.startsWith("  ") ? `<p class="in">${escaped(line.slice(2))}</p>` : `<p>${escaped(line)}</p>`;
  });
  // A head of its own, and no rule at the end.
  const [head = "", ...rest] = body.slice(0, body.findLastIndex((line) => line !== "<hr>") + 1);
  return pageOf(lines[0]!, STYLE, [head.replaceAll("p>", "h1>"), ...rest], language);
}

const STYLE = [
  "@page{size:A4;margin:18mm 16mm}",
  "body{font:10pt/1.4 sans-serif;color:#111;background:#fff;margin:0 auto;max-width:178mm;overflow-wrap:anywhere}",
  "h1{font-size:12pt;margin:0 0 3mm}p{margin:0 0 1mm;break-inside:avoid}.in{margin-left:6mm}",
  "hr{border:0;border-top:.2mm solid #999;margin:3mm 0}",
].join("\n");
