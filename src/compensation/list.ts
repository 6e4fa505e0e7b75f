import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import {
  encodeAbiParameters,
  getAddress,
  isAddressEqual,
  keccak256,
  sha256,
  stringToBytes,
  type Address,
  type Hex,
} from "viem";
import { z } from "../base/zod.ts";
import { addressField, hexField, parseJson } from "../base/json.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { decodeCaseId, encodeCaseId, InvalidCaseIdError } from "../orders/caseId.ts";
import { InvalidFileError } from "../base/json.ts";
import type { Message } from "../orders/types.ts";
import { claimFields, refuseTwice, unitsField, type Claim } from "./claims.ts";
import { shareOut, type Share } from "./shares.ts";
import { countOf } from "../base/words.ts";

/** What a list is for, and for nothing else. */
export interface ListScope {
  chainId: number;
  docket: Address;
  /** As text. */
  caseId: string;
  asset: Address;
}

/** Who is paid what by a compensation. */
export interface CompensationList extends ListScope {
  /** What there was to share out. Base units. */
  pool: bigint;
  /** Sum of all shares: what the order reserves. Base units. */
  total: bigint;
  /** Of the Merkle tree over all shares. */
  root: Hex;
  /** A share's place here is its index in the tree. */
  shares: readonly Share[];
}

/** What the claimant of a share, or anyone for it, gives to `Disposal.claimCompensation` besides the order's digest. */
export interface ShareProof {
  index: bigint;
  account: Address;
  /** Base units. */
  amount: bigint;
  proof: Hex[];
}

/** A list that is not what its claims and its pool make, or not the order's. Exit code 3. */
export class ListMismatchError extends SequesterError {
  override name = "ListMismatchError";
  constructor(file: string, differences: readonly string[]) {
    super(`The compensation list ${file} is refused.`, { code: EXIT.verification, metaMessages: differences });
  }
}

/** A claim that the list does not have. Exit code 64. */
export class UnknownClaimError extends SequesterError {
  override name = "UnknownClaimError";
  constructor(id: string, claims: number) {
    super("The compensation list has no such claim.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(id)}`, `needs: the id of one of its ${countOf(claims, "claim")}`],
    });
  }
}

const LIST_SCHEMA = "sequester.compensation/1";

/** As contracts/base/Compensations.sol hashes a claim. */
const LEAF = [
  { name: "chainId", type: "uint256" },
  { name: "docket", type: "address" },
  { name: "caseId", type: "bytes32" },
  { name: "asset", type: "address" },
  { name: "index", type: "uint256" },
  { name: "account", type: "address" },
  { name: "amount", type: "uint256" },
] as const;

/**
 * The list that shares a pool (base units) out among claims.
 * @throws NoClaimsError, InvalidPoolError, InvalidCaseIdError, InvalidFileError if a claim is wrong or comes twice.
 */
export function makeList(scope: ListScope, claims: readonly Claim[], pool: bigint): CompensationList {
  const shares = shareOut(claims, pool);
  const { chainId, docket, caseId, asset } = scope;
  const list = {
    chainId,
    docket: getAddress(docket),
    caseId,
    asset: getAddress(asset),
    pool,
    total: shares.reduce((sum, { amount }) => sum + amount, 0n),
    shares,
  };
  // What is made must be readable again.
  return parseList(serializeList({ ...list, root: treeOf(list).root as Hex }), "made here");
}

/** The one text of a list: its file, whose hash the order names. */
export function serializeList({ shares, pool, total, ...list }: CompensationList): string {
  const { chainId, docket, caseId, asset, root } = list;
  const content = {
    schema: LIST_SCHEMA,
    chainId,
    docket,
    caseId,
    asset,
    pool: String(pool),
    total: String(total),
    root,
    shares: shares.map(({ id, account, class: of, loss, amount }) => ({
      id,
      account,
      class: of,
      loss: String(loss),
      amount: String(amount),
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What an order names as its `list`: the SHA-256 of the file, as `sha256sum` prints it, with 0x. */
export const listHash = (text: string): Hex => sha256(stringToBytes(text));

/** What an order over the list has to say of it. */
export function termsOf(
  list: CompensationList,
): Pick<Message<"Compensate">, "caseId" | "asset" | "total" | "root" | "list"> {
  const { caseId, asset, total, root } = list;
  return { caseId: encodeCaseId(caseId), asset, total, root, list: listHash(serializeList(list)) };
}

const caseIdField = z.string().superRefine((text, context) => {
  try {
    encodeCaseId(text);
  } catch (error) {
    if (!(error instanceof InvalidCaseIdError)) throw error;
    context.addIssue({ code: "custom", message: "needs 1 to 31 printable ASCII characters" });
  }
});

const schema = z
  .strictObject({
    schema: z.literal(LIST_SCHEMA),
    chainId: z.int().positive(),
    docket: addressField,
    caseId: caseIdField,
    asset: addressField,
    pool: unitsField,
    total: unitsField,
    root: hexField(32),
    shares: z.array(z.strictObject({ ...claimFields, amount: unitsField })).min(1),
  })
  .superRefine(({ shares }, context) => {
    refuseTwice(shares, (i, message) => context.addIssue({ code: "custom", path: ["shares", i, "id"], message }));
  });

/**
 * Reads the text of a list's file and computes it anew from its claims and its pool; `file` is its name in errors.
 * @throws InvalidFileError, InvalidPoolError, ListMismatchError naming everything that differs.
 */
export function parseList(text: string, file: string): CompensationList {
  const { schema: _, ...list } = parseJson(text, file, schema);
  const needs = shareOut(list.shares, list.pool);
  const differences: string[] = [];
  for (const [i, { id, amount }] of needs.entries()) {
    const has = list.shares[i]!;
    if (has.id !== id) differences.push(`shares[${i}]: has the claim ${has.id}, needs ${id}: owners first, each by id`);
    else if (has.amount !== amount) differences.push(`shares[${i}].amount: has ${has.amount}, needs ${amount}`);
  }
  const total = needs.reduce((sum, { amount }) => sum + amount, 0n);
  if (list.total !== total) differences.push(`total: has ${list.total}, needs ${total}, the sum of the shares`);
  const root = treeOf({ ...list, shares: needs }).root as Hex;
  if (list.root !== root) differences.push(`root: has ${list.root}, needs ${root}`);
  if (differences.length > 0) throw new ListMismatchError(file, differences);
  // Another text of the same list would have another hash.
  if (serializeList(list) !== text) {
    throw new InvalidFileError(file, [{ field: "", reason: "needs to be written as `compensation make` writes it" }]);
  }
  return list;
}

/**
 * Refuses a list that is not the one that an order names.
 * @param chainId Of the order's domain.
 * @throws ListMismatchError naming everything that differs.
 */
export function checkAgainstOrder(
  list: CompensationList,
  order: Pick<Message<"Compensate">, "caseId" | "asset" | "total" | "root" | "list">,
  chainId: number,
  file: string,
): void {
  const has = termsOf(list);
  const differences: string[] = [];
  const compare = (what: string, has: unknown, needs: unknown) => {
    if (has !== needs) differences.push(`${what}: the list has ${String(has)}, the order ${String(needs)}`);
  };
  compare("chainId", list.chainId, chainId);
  if (has.caseId !== order.caseId) compare("caseId", list.caseId, decodeCaseId(order.caseId));
  if (!isAddressEqual(has.asset, order.asset)) compare("asset", has.asset, order.asset);
  compare("total", has.total, order.total);
  compare("root", has.root, order.root);
  compare("list", has.list, order.list);
  if (differences.length > 0) throw new ListMismatchError(file, differences);
}

/** The proofs of shares of one list, whose tree is built once. */
export function proverOf(list: CompensationList): (id: string) => ShareProof {
  const tree = treeOf(list);
  const places = new Map(list.shares.map(({ id }, index) => [id, index]));
  return (id) => {
    const index = places.get(id);
    if (index === undefined) throw new UnknownClaimError(id, list.shares.length);
    const { account, amount } = list.shares[index]!;
    return { index: BigInt(index), account, amount, proof: tree.getProof(index) as Hex[] };
  };
}

/** The proof of one share. @throws UnknownClaimError */
export const proofOf = (list: CompensationList, id: string): ShareProof => proverOf(list)(id);

/** The tree of OpenZeppelin's StandardMerkleTree; the leaves are hashed here, since that one takes a multiple of the time. */
function treeOf({ chainId, docket, caseId, asset, shares }: Omit<CompensationList, "root" | "pool" | "total">) {
  const ofCase = [BigInt(chainId), docket, encodeCaseId(caseId), asset] as const;
  return SimpleMerkleTree.of(
    shares.map(({ account, amount }, index) =>
      keccak256(keccak256(encodeAbiParameters(LEAF, [...ofCase, BigInt(index), account, amount]))),
    ),
  );
}
