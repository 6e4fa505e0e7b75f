import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type SchemaOptions } from "yaml";

export type Keys = readonly PropertyKey[];

/** A YAML or JSON text with the line (from 1) of each of its values. */
export interface Located {
  document: Document.Parsed;
  /** Line of the value under these keys, or of the nearest one around it. */
  lineOf: (keys: Keys) => number;
  /** Line of a key of the map under `keys`. */
  lineOfKey: (keys: Keys, key: string) => number;
  lineAt: (position: number) => number;
}

/** Parses YAML, of which JSON is a part. Errors are in `document.errors`. */
export function locate(text: string, options: SchemaOptions = {}): Located {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...options, lineCounter: lines, prettyErrors: false });
  const lineAt = (position: number) => lines.linePos(position).line || 1;
  const nodeAt = (keys: Keys) => (keys.length === 0 ? document.contents : document.getIn(keys, true));
  const lineOf = (keys: Keys): number => {
    const node = nodeAt(keys);
    if (isNode(node) && node.range) return lineAt(node.range[0]);
    return keys.length === 0 ? 1 : lineOf(keys.slice(0, -1));
  };
  return {
    document,
    lineOf,
    lineOfKey: (keys, key) => {
      const map = nodeAt(keys);
      const found = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
        : undefined;
      return isNode(found) && found.range ? lineAt(found.range[0]) : lineOf(keys);
    },
    lineAt,
  };
}
