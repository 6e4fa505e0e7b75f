import { TypedDataEncoder } from "ethers";
import type { Address } from "viem";
import type { Deployment } from "../chain/deployments.ts";
import { definitionOf, COMPONENTS } from "../orders/acts/index.ts";
import * as kinds from "../orders/acts/fields.ts";
import type { Field, Fields } from "../orders/acts/fields.ts";
import { BUNDLE_DOMAIN, BUNDLE_TYPES, BUNDLED } from "../orders/bundle.ts";
import { encodeType } from "../orders/digest-ethers.ts";
import { ACTS, PRIMARY_TYPES } from "../orders/types.ts";

/** How a device shows a field. */
export interface ShownField {
  readonly path: string;
  readonly label: string;
  readonly format: "raw" | "tokenAmount" | "date" | "duration" | "enum";
  readonly params?: Readonly<Record<string, string>>;
  readonly visible?: "never";
}

/** A list, item by item; the paths of its fields begin at the item. */
export interface ShownList {
  readonly path: string;
  readonly label: string;
  readonly fields: readonly ShownField[];
}

/** How a device shows a type: what it is about, and its fields in the order in which they are signed. */
export interface Shown {
  readonly intent: string;
  readonly fields: readonly (ShownField | ShownList)[];
}

/** A descriptor of typed data as ERC-7730 (version 2) has it, of the fields that are used here. */
export interface Descriptor {
  readonly $schema: string;
  readonly context: {
    readonly $id: string;
    readonly eip712: {
      readonly domain: Readonly<Record<string, string | number>>;
      readonly deployments?: readonly { readonly chainId: number; readonly address: Address }[];
    };
  };
  readonly metadata: {
    readonly owner: string;
    readonly enums: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  readonly display: { readonly formats: Readonly<Record<string, Shown>> };
}

const SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json";
const OWNER = "Sequester";

/**
 * What a device shows of every act that officers of a deployment sign (ERC-7730, version 2). No `interpolatedIntent`: a wallet may
 * show that alone, and a sentence that leaves out a field would hide it. What is text in 32 bytes, as a case id, stays hexadecimal:
 * the standard has no format for it.
 */
export function orderDescriptor({ domain, chainId }: Pick<Deployment, "domain" | "chainId">): Descriptor {
  const { name, version, verifyingContract } = domain;
  return {
    $schema: SCHEMA,
    context: {
      $id: "Sequester orders",
      eip712: { domain: { name, version }, deployments: [{ chainId, address: verifyingContract }] },
    },
    metadata: { owner: OWNER, enums: { ...enums(), act: actNames(() => true) } },
    display: {
      formats: Object.fromEntries(
        PRIMARY_TYPES.map((type) => [
          encodeType(type),
          { intent: inWords(type), fields: shown(definitionOf(type).fields) },
        ]),
      ),
    },
  };
}

/**
 * What a device shows of a bundle, which is of no chain: its root, how many orders and of which act. A page that asks for the
 * signature is believed about nothing else, see `order verify`.
 */
export const bundleDescriptor = (): Descriptor => ({
  $schema: SCHEMA,
  context: { $id: "Sequester bundles", eip712: { domain: BUNDLE_DOMAIN } },
  metadata: { owner: OWNER, enums: { act: actNames((name) => (BUNDLED as readonly string[]).includes(name)) } },
  display: {
    formats: {
      [TypedDataEncoder.from({ Bundle: [...BUNDLE_TYPES.Bundle] }).encodeType("Bundle")]: {
        intent: "Approve all orders of one list",
        fields: [
          { path: "root", label: "Root", format: "raw" },
          { path: "count", label: "Count", format: "raw" },
          enumField("act", "act"),
        ],
      },
    },
  },
});

const FORMATS = new Map<Field, Pick<ShownField, "format" | "params" | "visible">>([
  [kinds.term, { format: "duration" }],
  [kinds.seconds, { format: "duration" }],
  [kinds.until, { format: "date", params: { encoding: "timestamp" } }],
  [kinds.signBy, { format: "date", params: { encoding: "timestamp" } }],
  [kinds.salt, { format: "raw", visible: "never" }],
]);

function shown(fields: Fields): (ShownField | ShownList)[] {
  // An amount is one of the asset that is named last before it.
  let asset = "";
  return Object.entries(fields).map(([name, field]) => {
    if (/asset$/i.test(name)) asset = name;
    const label = inWords(name);
    if (field.items !== undefined)
      return { path: `${name}.[]`, label, fields: shown(field.items.fields) as ShownField[] };
    if (field === kinds.amount) return { path: name, label, format: "tokenAmount", params: { tokenPath: asset } };
    if (field.names !== undefined || name === "act") return enumField(name, name);
    return { path: name, label, ...(FORMATS.get(field) ?? { format: "raw" }) };
  });
}

const enumField = (path: string, name: string): ShownField => ({
  path,
  label: inWords(path),
  format: "enum",
  params: { $ref: `$.metadata.enums.${name}` },
});

/** The names of numbers, of every field that has some. */
const enums = () =>
  Object.fromEntries(
    [...PRIMARY_TYPES.map((type) => definitionOf(type).fields), ...Object.values(COMPONENTS).map((it) => it.fields)]
      .flatMap((fields) => Object.entries<Field>(fields))
      .flatMap(([name, { names }]) => (names === undefined ? [] : [[name, byNumber(Object.entries(names))]])),
  );

const actNames = (has: (name: string) => boolean) => byNumber(Object.entries(ACTS).filter(([name]) => has(name)));

const byNumber = (names: readonly [string, number][]) =>
  Object.fromEntries(names.map(([name, number]) => [String(number), inWords(name)]));

/** A name of the code in words: "leastProceeds" is "Least proceeds". */
const inWords = (name: string): string =>
  name
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^./, (letter) => letter.toUpperCase());
