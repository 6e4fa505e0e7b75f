import { keccak256, stringToHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { officerId, packApprovals, type PackedApprovals } from "../../src/orders/approvals.ts";
import { buildFreeze } from "../../src/orders/build.ts";
import { BUNDLE_DOMAIN, BUNDLE_TYPES, bundleData, bundleOf, rangeOf } from "../../src/orders/bundle.ts";
import { bringing, bringingList, executing, type Executors, type OrderCall } from "../../src/orders/calls.ts";
import { digestOf } from "../../src/orders/digest.ts";
import {
  ACTS,
  domainOf,
  ORDER_TYPES,
  PRIMARY_TYPES,
  typesWith,
  type Order,
  type PrimaryType,
} from "../../src/orders/types.ts";
import { mutationsOf } from "../src/orders/mutate.ts";
import { builtOrder, randomFrom } from "../src/orders/random.ts";

/** Where the contracts of the vectors stand: on no chain. */
const AT: Executors = {
  quorum: "0x1111111111111111111111111111111111111111",
  docket: "0x2222222222222222222222222222222222222222",
  disposal: "0x3333333333333333333333333333333333333333",
  register: "0x4444444444444444444444444444444444444444",
};
const DOMAIN = domainOf(31337, AT.quorum);
/** Anybody's key: an officer of no deployment. */
const OFFICER = privateKeyToAccount(keccak256(stringToHex("sequester vectors")));
const CONSENT: Hex = "0xc0";
const SIGN_BY = 1_767_225_600n;

const TAKEN = typesWith("call");
const DELAYED = typesWith("delayed");

/** The file of each signed type, and that of a bundle, by its name. */
export async function vectorFiles(): Promise<Map<string, string>> {
  const vectors = [...(await Promise.all(PRIMARY_TYPES.map(vectorOf))), await bundleVector()];
  return new Map(vectors.map((vector) => [`${vector.primaryType}.json`, textOf(vector)]));
}

async function vectorOf(primaryType: PrimaryType) {
  const order = fullOrder(primaryType);
  const digest = digestOf(order, DOMAIN);
  const approval = { signer: OFFICER.address, signature: await OFFICER.sign({ hash: digest }) };
  return {
    ...{ primaryType, types: typesOf(primaryType), domain: DOMAIN, message: order.message, digest, approval },
    calls: callsOf(order, packApprovals([approval])),
    changes: changesOf(order),
  };
}

/** What brings the order, and what executes it where it is delayed; of a type that no contract takes, nothing. */
function callsOf(order: Order, approvals: PackedApprovals): OrderCall[] {
  const { primaryType } = order;
  if (!(TAKEN as readonly string[]).includes(primaryType)) return [];
  const executes = (DELAYED as readonly string[]).includes(primaryType);
  return [
    bringing(AT, order, approvals, CONSENT),
    ...(executes ? [executing(AT, order, [officerId(OFFICER.address)])] : []),
  ];
}

/** A random order with two entries at least in each of its lists. */
function fullOrder<P extends PrimaryType>(primaryType: P): Order<P> {
  const random = randomFrom(`vectors ${primaryType}`);
  for (;;) {
    const order = builtOrder(random, primaryType);
    if (Object.values<unknown>(order.message).every((value) => !Array.isArray(value) || value.length > 1)) return order;
  }
}

/** Every field once, of lists also the number and the order of the entries: another digest follows from each. */
function changesOf(order: Order) {
  const changes = mutationsOf(order, randomFrom("changes of vectors"));
  const first = changes.filter(({ path }, i) => changes.findIndex((other) => other.path === path) === i);
  return first.map(({ path, order: changed }) => {
    const field = path.split(" ")[0]!;
    // Of a list whose entries are added, removed or exchanged the whole list is told.
    const place = field === path ? field : field.replace(/\[\d+\]$/, "");
    return { field: place, value: valueAt(changed.message, place), digest: digestOf(changed, DOMAIN) };
  });
}

const valueAt = (message: unknown, place: string): unknown =>
  place
    .split(/[.[\]]+/)
    .reduce((value, key) => (key === "" ? value : (value as Record<string, unknown>)[key]), message);

async function bundleVector() {
  const random = randomFrom("vectors Bundle");
  const account = (): Address => random.address();
  const freezes = Array.from({ length: 5 }, () =>
    buildFreeze({
      ...{ caseId: "TUMAR-A-01", document: random.bytes(32), signBy: SIGN_BY, salt: random.bytes(32), term: 864_000 },
      targets: [{ asset: account(), account: account(), amount: 1n + random.uint(80) }],
    }),
  );
  const bundle = bundleOf("Freeze", freezes, DOMAIN);
  const approval = { signer: OFFICER.address, signature: await OFFICER.signTypedData(bundleData(bundle)) };
  const { leaves, root, count, digest } = bundle;
  const [second, ...next] = freezes.slice(1, 4);
  const other = (swapped: readonly Order[]) => bundleOf("Freeze", swapped, DOMAIN);
  const changed = [
    ...freezes.map((_, i) => ({ what: `without order ${i}`, of: other(freezes.toSpliced(i, 1)) })),
    { what: "orders 0 and 1 exchanged", of: other([freezes[1]!, freezes[0]!, ...freezes.slice(2)]) },
  ];
  return {
    ...{ primaryType: "Bundle", types: BUNDLE_TYPES, domain: BUNDLE_DOMAIN },
    message: { root, count, act: ACTS.Freeze },
    ...{ digest, approval, leaves, orders: { domain: DOMAIN, messages: freezes.map(({ message }) => message) } },
    /** Of the three orders in the middle. */
    calls: [bringingList(AT, [second!, ...next], [packApprovals([approval])], rangeOf(bundle, 1, 3))],
    changes: changed.map(({ what, of }) => ({ what, leaves: of.leaves, root: of.root, digest: of.digest })),
  };
}

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
