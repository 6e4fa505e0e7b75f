import { isAddress, keccak256, padHex, slice, stringToHex, zeroAddress, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { InvalidFileError } from "../../src/base/json.ts";
import { firstHead, JournalBrokenError, nextHead } from "../../src/journal/chain.ts";
import type { Struct } from "../../src/orders/acts/fields.ts";
import { definitionOf } from "../../src/orders/acts/index.ts";
import { packApprovals } from "../../src/orders/approvals.ts";
import { buildFreeze } from "../../src/orders/build.ts";
import { BUNDLE_DOMAIN, BUNDLE_TYPES, bundleData, bundleOf, rangeOf } from "../../src/orders/bundle.ts";
import { bringingList } from "../../src/orders/calls.ts";
import { digestOf } from "../../src/orders/digest.ts";
import { parseOrderFile } from "../../src/orders/files.ts";
import { ACTS, ORDER_TYPES, PRIMARY_TYPES, type Domain, type Order, type PrimaryType } from "../../src/orders/types.ts";
import { mutationsOf } from "../src/orders/mutate.ts";
import { builtOrder, randomFrom } from "../src/orders/random.ts";
import { play, type Brought, type Play } from "./play.ts";

/** Anybody's key: an officer of no deployment. */
const OFFICER = privateKeyToAccount(keccak256(stringToHex("sequester vectors")));
const SIGN_BY = 1_767_225_600n;

/** The file of each signed type, that of a bundle, and that of the journal of all, by its name. */
export async function vectorFiles(): Promise<Map<string, string>> {
  const played = await play((order) => changesOf(order).map(({ changed }) => changed));
  const vectors = await Promise.all(PRIMARY_TYPES.map((type) => vectorOf(type, played)));
  const files = [...vectors, await bundleVector(played)].map((vector) => [vector.primaryType, vector] as const);
  return new Map(
    [...files, ["Journal", journalVector(played)] as const].map(([name, it]) => [`${name}.json`, textOf(it)]),
  );
}

/** Of a type that no contract takes: a random order, which nobody brings. */
async function vectorOf(primaryType: PrimaryType, { domain, brought, entries }: Play) {
  const { order, approvals, calls, refusals } = brought.get(primaryType) ?? (await signedOnly(primaryType, domain));
  const digest = digestOf(order, domain);
  return {
    primaryType,
    types: typesOf(primaryType),
    domain,
    message: order.message,
    digest,
    approvals,
    calls,
    /** Those of Journal.json that name the order, by their numbers: first one for each of the calls. */
    entries: entries.filter((entry) => entry.order === digest).map(({ seq }) => seq),
    /** What the contracts answer where a changed order is brought in the place of the one that was signed. */
    changes: changesOf(order).map(({ field, value, changed }, i) => {
      const refusal = refusals[i];
      const answer = refusal && { error: refusal.error, args: refusal.args };
      return { field, value, digest: digestOf(changed, domain), ...answer };
    }),
    /** What no file of an order may have, and with which error it is not read. */
    refused: refusedOf(order, domain),
  };
}

async function signedOnly(primaryType: PrimaryType, domain: Domain): Promise<Brought> {
  const order = fullOrder(primaryType);
  const signature = await OFFICER.sign({ hash: digestOf(order, domain) });
  return { order, approvals: [{ signer: OFFICER.address, signature }], calls: [], refusals: [] };
}

/** A random order with two entries at least in each of its lists. */
function fullOrder<P extends PrimaryType>(primaryType: P): Order<P> {
  const random = randomFrom(`vectors ${primaryType}`);
  for (;;) {
    const order = builtOrder(random, primaryType);
    if (Object.values<unknown>(order.message).every((value) => !Array.isArray(value) || value.length > 1)) return order;
  }
}

/** Every field once, of lists also the number and the order of the entries. */
function changesOf(order: Order) {
  const changes = mutationsOf(order, randomFrom("changes of vectors"));
  const first = changes.filter(({ path }, i) => changes.findIndex((other) => other.path === path) === i);
  return first.map(({ path, order: changed }) => {
    const place = path.split(" ")[0]!;
    // Of a list whose entries are added, removed or exchanged the whole list is told.
    const field = place === path ? place : place.replace(/\[\d+\]$/, "");
    return { field, value: valueAt(changed.message, field), changed };
  });
}

/** Of the values at the edges of each type those that the parser of order files does not take. */
function refusedOf(order: Order, domain: Domain) {
  const salts = { documentSalt: padHex("0x01"), ruling: { file: "ruling.md", sha256: padHex("0x02") } };
  const rests = "document" in order.message ? salts : {};
  const file = {
    schema: "sequester.order/1",
    domain,
    primaryType: order.primaryType,
    message: order.message,
    ...rests,
  };
  return edgesOf(definitionOf(order.primaryType), order.message as Values, "").flatMap(({ field, value }) => {
    const text = textOf({ ...file, message: withValue(JSON.parse(textOf(order.message)) as Values, field, value) });
    const error = errorOf(text);
    return error === undefined ? [] : [{ field, value, error }];
  });
}

/** The name of the error with which an order's message is not read; undefined where it is. */
export function errorOf(text: string): string | undefined {
  try {
    parseOrderFile(text, "order");
  } catch (fault) {
    if (!(fault instanceof InvalidFileError)) return undefined;
    return /\b\w+Error(?=, has)/.exec(fault.metaMessages.join("\n"))?.[0] ?? fault.name;
  }
  return undefined;
}

type Values = Readonly<Record<string, unknown>>;

interface Edge {
  field: string;
  value: unknown;
}

const edgesOf = ({ fields }: Struct, message: Values, at: string): Edge[] =>
  Object.entries(fields).flatMap(([name, { type, items }]): Edge[] => {
    const field = `${at}${name}`;
    const value = message[name];
    if (items !== undefined) {
      const list = value as Values[];
      const whole = [[], [...list].reverse(), [...list.slice(0, 1), ...list]].map((it) => ({ field, value: it }));
      return [...whole, ...list.slice(0, 1).flatMap((item) => edgesOf(items, item, `${field}[0].`))];
    }
    const neighbours = Object.values(message).filter((other) => type === "address" && other !== value);
    const others = neighbours.filter((other) => typeof other === "string" && isAddress(other));
    return [...edges(type, value), ...others].map((edge) => ({ field, value: edge }));
  });

function edges(type: string, value: unknown): unknown[] {
  if (type === "bool") return [String(value)];
  if (type === "bytes") return ["0x", "0x0"];
  if (type === "address") return [zeroAddress, slice(value as Hex, 1), swappedCase(value as Address)];
  if (type.startsWith("bytes")) {
    const bytes = Number(type.slice(5));
    return [padHex("0x", { size: bytes }), `0x${"f".repeat(2 * bytes)}`, slice(value as Hex, 1)];
  }
  const bits = Number(type.slice(4));
  if (bits <= 48) return [-1, 0, (value as number) + 0.5, 2 ** bits - 1, 2 ** bits];
  // In milliseconds, and what a hold has no place for.
  return [0n, (value as bigint) * 1000n, 2n ** 40n, 2n ** 96n, 2n ** BigInt(bits)];
}

/** No address has the checksum of its other case. */
const swappedCase = (address: Address) =>
  address.replace(/[a-f]/gi, (digit) => (digit < "a" ? digit.toLowerCase() : digit.toUpperCase()));

export function withValue(message: Values, field: string, value: unknown): Values {
  const copy = structuredClone(message) as Record<string, unknown>;
  const keys = field.split(/[.[\]]+/).filter(Boolean);
  const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
  holder[keys.at(-1)!] = value;
  return copy;
}

const valueAt = (message: unknown, place: string): unknown =>
  place
    .split(/[.[\]]+/)
    .reduce((value, key) => (key === "" ? value : (value as Record<string, unknown>)[key]), message);

async function bundleVector({ domain, addresses }: Play) {
  const random = randomFrom("vectors Bundle");
  const account = (): Address => random.address();
  const freezes = Array.from({ length: 5 }, () =>
    buildFreeze({
      caseId: "TUMAR-A-01",
      document: random.bytes(32),
      signBy: SIGN_BY,
      salt: random.bytes(32),
      term: 864_000,
      targets: [{ asset: account(), account: account(), amount: 1n + random.uint(80) }],
    }),
  );
  const bundle = bundleOf("Freeze", freezes, domain);
  const approval = { signer: OFFICER.address, signature: await OFFICER.signTypedData(bundleData(bundle)) };
  const { leaves, root, count, digest } = bundle;
  const [second, ...next] = freezes.slice(1, 4);
  const other = (swapped: readonly Order[]) => bundleOf("Freeze", swapped, domain);
  const changed = [
    ...freezes.map((_, i) => ({ what: `without order ${i}`, of: other(freezes.toSpliced(i, 1)) })),
    { what: "orders 0 and 1 exchanged", of: other([freezes[1]!, freezes[0]!, ...freezes.slice(2)]) },
  ];
  return {
    primaryType: "Bundle",
    types: BUNDLE_TYPES,
    domain: BUNDLE_DOMAIN,
    message: { root, count, act: ACTS.Freeze },
    digest,
    approval,
    leaves,
    orders: { domain, messages: freezes.map(({ message }) => message) },
    /** Of the three orders in the middle. */
    calls: [bringingList(addresses, [second!, ...next], [packApprovals([approval])], rangeOf(bundle, 1, 3))],
    changes: changed.map(({ what, of }) => ({ what, leaves: of.leaves, root: of.root, digest: of.digest })),
  };
}

/** The journal of all that was played, as the docket's events tell it, and what breaks it: each field, once in every act. */
function journalVector({ domain, addresses: { docket }, entries: told, stored }: Play) {
  const { chainId } = domain;
  const first = firstHead(chainId, docket);
  const entries = told.map(({ blockNumber: _, transactionHash: _hash, ...entry }) => entry);
  const changed = entries.filter(({ act }, i) => entries.findIndex((other) => other.act === act) === i);
  const changes = changed.flatMap((entry) =>
    Object.entries(entry).map(([field, value]) => {
      const other = field === "officerIds" ? [...entry.officerIds, padHex("0x01")] : neighbour(value as bigint | Hex);
      const before = entries[Number(entry.seq) - 2]?.head ?? first;
      const head = nextHead(before, { ...entry, [field]: other });
      return { seq: entry.seq, field, value: other, head, error: JournalBrokenError.name };
    }),
  );
  return { chainId, docket, first, entries, stored, changes };
}

const neighbour = (value: number | bigint | Hex) => {
  if (typeof value === "number") return value + 1;
  if (typeof value === "bigint") return value + 1n;
  return value.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
};

const typesOf = (primaryType: PrimaryType) =>
  Object.fromEntries(
    [primaryType, "Target", "Refund", "Rule"].flatMap((type) => {
      const uses = ORDER_TYPES[primaryType].some((field) => field.type === `${type}[]`);
      return type === primaryType || uses ? [[type, ORDER_TYPES[type as PrimaryType]]] : [];
    }),
  );

/** Integers above 48 bits are decimal strings, as in order files. */
const textOf = (vector: object) =>
  `${JSON.stringify(vector, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2)}\n`;
