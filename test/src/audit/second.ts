// A second verifier of packs, which shares no code with the first: header, proofs, the chain of hashes, custody. It knows a pack by
// what it proves, so that a fault of the one is not a fault of the other.
import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { AbiCoder, concat, decodeRlp, getAddress, getBytes, keccak256, toBeHex, zeroPadValue } from "ethers";

type Rlp = string | Rlp[];

/** The custody of one case in one asset: base units, as text. */
export type SecondCustody = Record<"inCustody" | "suspense" | "balance", string>;

export interface Second {
  head: string;
  entries: number;
  block: number;
  /** By case id and asset. */
  custody: Map<string, SecondCustody>;
}

interface Proof {
  address: string;
  codeHash: string;
  storageHash: string;
  accountProof: string[];
  storageProof: { key: string; proof: string[] }[];
}

type Text = "seq" | "caseId" | "order" | "document" | "effects" | "head" | "timestamp";
type Entry = Record<Text, string> & { act: number; officerIds: string[] };

function need(right: boolean, what: string): asserts right {
  if (!right) throw new Error(`the pack is wrong: ${what}`);
}

const abi = AbiCoder.defaultAbiCoder();
const word = (value: bigint | number) => toBeHex(value, 32);

/** Files of a zip by their names, found by its central directory. */
function filesOf(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  need(end >= 0, "no zip");
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    need(zip.readUInt32LE(at) === 0x02014b50, "no directory of the zip");
    const [size, nameSize] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const name = zip.toString("utf8", at + 46, at + 46 + nameSize);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    need(!files.has(name), `${name} twice`);
    files.set(name, zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data);
    at += 46 + nameSize + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** What stands under a key of a Merkle-Patricia trie; 0x: nothing does. */
function valueIn(root: string, key: string, nodes: readonly string[]): string {
  let used = 0;
  const take = (hash: string): Rlp[] => {
    const node = nodes[used++];
    need(node !== undefined && keccak256(node) === hash, `a node of ${hash} is missing`);
    return decodeRlp(node) as Rlp[];
  };
  const open = (child: Rlp): Rlp[] => (Array.isArray(child) ? child : take(child));
  const found = (value: Rlp): string => {
    need(typeof value === "string" && used === nodes.length, "nodes that lead nowhere");
    return value;
  };
  if (root === keccak256("0x80")) return found("0x");
  let path = keccak256(key).slice(2);
  let node = take(root);
  for (;;) {
    if (node.length === 17) {
      const child = node[parseInt(path[0]!, 16)]!;
      path = path.slice(1);
      if (child === "0x") return found(child);
      node = open(child);
    } else {
      const [part, child] = node as [string, Rlp];
      const kind = parseInt(part[2]!, 16);
      const piece = part.slice(kind % 2 === 1 ? 3 : 4);
      if (!path.startsWith(piece)) return found("0x");
      path = path.slice(piece.length);
      if (kind >= 2) return found(path === "" ? child : "0x");
      node = open(child);
    }
  }
}

/** Words of storage that a proof shows, by their slots. */
function wordsIn(
  { address, codeHash, storageHash, accountProof, storageProof }: Proof,
  stateRoot: string,
): Map<string, bigint> {
  const account = decodeRlp(valueIn(stateRoot, address, accountProof)) as string[];
  need(account[2] === storageHash && account[3] === codeHash, `${address} has other storage or code`);
  return new Map(
    storageProof.map(({ key, proof }) => {
      const value = valueIn(account[2]!, key, proof);
      return [key, value === "0x" ? 0n : BigInt(decodeRlp(value) as string)];
    }),
  );
}

/** Numbers of contracts/types/Effect.sol: what brings money into custody, and what takes it out. */
const COMES = new Set([6n, 40n, 85n]);
const GOES = new Set([32n, 34n, 35n, 37n, 39n, 84n]);
const [VAULT, SUSPENSE, TRANSFERRED, SUSPENSE_SOURCE] = [18n, 19n, 41n, 2n];

/** Verifies a pack against the hash of its block. Throws where anything of it is wrong. */
export function verifySecond(zip: Uint8Array, blockHash: string): Second {
  const files = filesOf(Buffer.from(zip));
  const text = (name: string) => {
    const bytes = files.get(name);
    need(bytes !== undefined, `no ${name}`);
    return bytes.toString("utf8");
  };
  const sums = text("SHA256SUMS").trimEnd().split("\n");
  need(sums.length === files.size - 1, "other files than their sums tell");
  for (const line of sums) {
    const [sum, name = ""] = line.split("  ");
    need(createHash("sha256").update(text(name)).digest("hex") === sum, `the sum of ${name}`);
  }
  const { rlp } = JSON.parse(text("header.json")) as { rlp: string };
  need(keccak256(rlp) === blockHash, "the header is of another block");
  const header = decodeRlp(rlp) as string[];
  const deployment = JSON.parse(text("deployment.json")) as {
    chainId: number;
    addresses: { docket: string; assets: Record<string, string> };
  };
  const { docket, assets } = deployment.addresses;
  const words = new Map<string, Map<string, bigint>>();
  const codes = JSON.parse(text("codes.json")) as Record<string, string>;
  for (const proof of JSON.parse(text("proofs.json")) as Proof[]) {
    words.set(proof.address, wordsIn(proof, header[3]!));
    need(keccak256(codes[proof.codeHash]!) === proof.codeHash, `the code of ${proof.address}`);
  }

  let head = keccak256(abi.encode(["uint256", "address"], [deployment.chainId, docket]));
  let count = 0;
  const money = new Map<string, { inCustody: bigint; suspense: bigint }>();
  const vaults = new Map<string, string>();
  for (const line of text("journal.jsonl").trimEnd().split("\n")) {
    const { seq, act, caseId, document, order, officerIds, effects, head: told, timestamp } = JSON.parse(line) as Entry;
    need(BigInt(seq) === BigInt(++count), `entry ${count} is missing or out of order`);
    const [officers, changes] = [keccak256(concat(officerIds)), keccak256(effects)];
    const numbers = [
      head,
      word(BigInt(seq)),
      word(act),
      caseId,
      document,
      order,
      officers,
      changes,
      word(BigInt(timestamp)),
    ];
    need(
      numbers.every((it) => getBytes(it).length === 32),
      `entry ${count} has a word of another size`,
    );
    head = keccak256(concat(numbers));
    need(head === told, `entry ${count} was altered`);
    const [list] = abi.decode(["(uint8,address,address,uint256,uint256)[]"], effects) as unknown as [
      [bigint, string, string, bigint, bigint][],
    ];
    for (const [what, asset, account, amount, value] of list) {
      if (what === VAULT) vaults.set(caseId, account);
      const sum = money.get(`${caseId} ${asset}`) ?? { inCustody: 0n, suspense: 0n };
      const isStray = what === TRANSFERRED && value >> 160n === SUSPENSE_SOURCE;
      if (COMES.has(what)) sum.inCustody += amount;
      if (GOES.has(what) || (what === TRANSFERRED && !isStray)) sum.inCustody -= amount;
      if (what === SUSPENSE) sum.suspense += amount;
      if (isStray) sum.suspense -= amount;
      money.set(`${caseId} ${asset}`, sum);
    }
  }
  const stored = words.get(docket);
  need(stored?.get(word(1)) === BigInt(head), `after entry ${count}, the docket stores another head`);
  need((stored.get(word(0))! & (2n ** 40n - 1n)) === BigInt(count), "the docket counts other entries");

  const custody = new Map<string, SecondCustody>();
  const told = JSON.parse(text("custody.json")) as { custody: ({ caseId: string; asset: string } & SecondCustody)[] };
  for (const { caseId, asset, inCustody, suspense, balance } of told.custody) {
    need(Object.values(assets).includes(getAddress(asset)), `${asset} is no asset of the deployment`);
    const key = `${caseId} ${asset}`;
    const sum = money.get(key) ?? { inCustody: 0n, suspense: 0n };
    const vault = vaults.get(caseId);
    const slot = vault && keccak256(concat([zeroPadValue(vault, 32), word(10)]));
    const has = (slot === undefined ? 0n : words.get(asset)!.get(slot)!) & (2n ** 96n - 1n);
    need(`${sum.inCustody} ${sum.suspense} ${has}` === `${inCustody} ${suspense} ${balance}`, `the custody of ${key}`);
    custody.set(key, { inCustody, suspense, balance });
  }
  for (const [key, { inCustody }] of money) need(inCustody === 0n || custody.has(key), `${key} is left out`);
  return { head, entries: count, block: Number(header[8]), custody };
}
