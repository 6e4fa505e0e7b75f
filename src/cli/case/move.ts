import path from "node:path";
import type { Address, Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { assetOf } from "../../chain/assets.ts";
import { saysNo } from "../../chain/refusals.ts";
import { known } from "../../audit/known.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { readBytes, writeAllNew } from "../../base/files.ts";
import { bigintsAsText } from "../../base/json.ts";
import type { CaseState } from "../../journal/replay.ts";
import { buildTransfer } from "../../orders/build.ts";
import { documentHash, rulingHash } from "../../orders/document.ts";
import { orderFileName, serializeOrderFile, type OrderFile, type Ruling } from "../../orders/files.ts";
import { randomSalt } from "../../orders/salts.ts";
import { simulate } from "../../orders/simulate.ts";
import { ACTS } from "../../orders/types.ts";
import { custodyOf, asOf, type CustodyAt } from "../custody.ts";
import type { NodeOptions } from "../node.ts";
import { chainDeskOf, type ChainDesk } from "../order/desk.ts";
import { momentOf } from "../order/fields.ts";
import { MOST_OF_RULING } from "../order/papers.ts";
import type { Streams } from "../order/place.ts";
import { NotReadyError } from "../order/refused.ts";
import { sentenceLines } from "../order/shown.ts";
import { movedIn, type Moved, type Moving } from "./moved.ts";
import { claimKey, movingOf, owedBy, type Part, type VaultAt } from "./moving.ts";
import { caseNamed } from "./read.ts";
import { STAYS, type Stay } from "./stays.ts";
import { readSuccessor, wayInto, type Successor } from "./successor.ts";

export interface MoveOptions extends NodeOptions {
  to: string;
  out: string;
  ruling: string;
  valid: string;
  byIssuer: string[];
  json?: boolean;
  dryRun?: boolean;
}

/** The case has nothing that an order could move into the successor. Exit code 64. */
export class NothingToMoveError extends SequesterError {
  override name = "NothingToMoveError";
  constructor(name: string, stays: readonly string[]) {
    super(`Nothing of the case ${name} can be moved.`, {
      code: EXIT.usage,
      metaMessages: stays.length === 0 ? ["has: nothing in its vault"] : stays.map((it) => `has: ${it}`),
    });
  }
}

/** The successor's charter has none of the assets that could be moved. Exit code 64. */
export class UnknownToSuccessorError extends SequesterError {
  override name = "UnknownToSuccessorError";
  constructor(file: string, symbols: readonly string[]) {
    super("The successor does not know what is to be moved.", {
      code: EXIT.usage,
      metaMessages: [
        `who: ${file}`,
        `has: a charter without the coin ${symbols.join(", ")}, whose payments its vault could never pay out`,
        "needs: --by-issuer, where the issuer takes the coin back for one of the successor's",
      ],
    });
  }
}

/**
 * Writes the orders that take what lies in a case's vault into the case's vault in another deployment, and tells what stays.
 * @throws UnknownCaseError, NothingToMoveError, UnknownToSuccessorError, VaultShortError, FileAccessError, and what `readSuccessor` does
 */
export async function moveCase(name: string, options: MoveOptions, { stdout, stderr }: Streams): Promise<void> {
  const desk = await chainDeskOf(options);
  const { deployment, client } = desk;
  const custody = await custodyOf(client, deployment);
  const found = caseNamed(name, custody);
  const vault = await vaultAt(found, custody);
  const successor = await readSuccessor(options.to, found.caseId, custody);
  const byIssuer = options.byIssuer.map((symbol) => assetOf(deployment, symbol).address);
  const earliest = custody.at + delayIn(name, custody);
  const { parts, stays } = movingOf(found, custody, vault, earliest);

  const ruling: Ruling = {
    file: path.basename(options.ruling),
    sha256: rulingHash(await readBytes(options.ruling, MOST_OF_RULING)),
  };
  const moved: Moved[] = [];
  for (const part of parts) {
    const way = await wayInto(successor, part.asset, byIssuer, custody);
    if (way === undefined) {
      stays.push({ kind: "unknown", asset: part.asset, amount: part.amount });
      continue;
    }
    const content = orderOf(name, part, way.to, ruling, options, desk);
    moved.push({ ...part, ...way, file: path.join(options.out, fileOf(name, part, custody)), content });
  }
  if (moved.length === 0) throw refusal(name, successor, stays, custody);
  await requirePassing(moved, desk);
  stays.push(...owedBy(found, new Set(moved.filter(({ source }) => source === "custody").map(({ asset }) => asset))));

  for (const { content } of moved) for (const line of sentenceLines(content, desk.words)) stderr.write(`${line}\n`);
  const texts = moved.map(({ file, content }) => [file, serializeOrderFile(content, file)] as const);
  if (!options.dryRun) writeAllNew(options.out, texts);
  const moving: Moving = { name, vault: vault.address, successor, earliest, moved, stays };
  const { data, lines } = movedIn(moving, custody);
  stdout.write(options.json ? `${JSON.stringify(data, bigintsAsText)}\n` : `${lines.join("\n")}\n`);
  if (options.dryRun) stderr.write("Dry run: nothing was written.\n");
  stderr.write(asOf(custody));
}

/** Reads, at the block of the journal, what it does not tell. */
async function vaultAt({ caseId, ledgers }: CaseState, custody: CustodyAt): Promise<VaultAt> {
  const { client, number, state, deployment } = custody;
  const { docket, disposal } = deployment.addresses;
  const of = { abi: abiOf("Docket"), address: docket, blockNumber: number } as const;
  const address = await known(String(number), client.readContract({ ...of, functionName: "vaultOf", args: [caseId] }));
  const balances = state.assets.map(async (asset) => {
    const at = { abi: abiOf("Tenge"), address: asset, functionName: "balanceOf", blockNumber: number } as const;
    const balance = client.readContract({ ...at, args: [address] });
    // One coin that stands against the court does not keep the others here.
    return balance
      .then((has) => [[asset, has] as const])
      .catch((error: unknown) => {
        if (!saysNo(error)) throw error;
        return [];
      });
  });
  const claims = [...ledgers].flatMap(([asset, ledger]) =>
    [...ledger.claims.keys()].map(async (holder) => {
      const args = [caseId, asset, holder] as const;
      const [, , since] = await client.readContract({ ...of, functionName: "owedTo", args });
      return [claimKey(asset, holder), since + UNCLAIMED] as const;
    }),
  );
  const compensations = [...ledgers.values()].flatMap((ledger) =>
    [...ledger.compensations.keys()].map(async (order) => {
      const at = { abi: abiOf("Disposal"), address: disposal, functionName: "compensationOf" } as const;
      const { until } = await client.readContract({ ...at, args: [order], blockNumber: number });
      return [order, until] as const;
    }),
  );
  return {
    address,
    balances: new Map((await known(String(number), Promise.all(balances))).flat()),
    claims: new Map(await known(String(number), Promise.all(claims))),
    compensations: new Map(await known(String(number), Promise.all(compensations))),
  };
}

/** For how long a claim is its holder's alone, seconds: contracts/libraries/Terms.sol. */
const UNCLAIMED = 365 * 86_400;

/** The shortest delay of a Transfer, seconds. What appeals and stays add to it is not known before. @throws NothingToMoveError */
function delayIn(name: string, { powers }: CustodyAt): number {
  const [first, ...others] = (powers.rules.get(ACTS.Transfer) ?? []).map(({ delay }) => delay);
  if (first === undefined) throw new NothingToMoveError(name, ["no rule by which anybody decides a Transfer"]);
  return Math.min(first, ...others);
}

function orderOf(
  caseId: string,
  { asset, source, holder, amount }: Part,
  to: Address,
  ruling: Ruling,
  { valid }: MoveOptions,
  desk: ChainDesk,
): OrderFile {
  const documentSalt: Hex = randomSalt();
  const order = buildTransfer({
    caseId,
    document: documentHash(documentSalt, ruling.sha256),
    asset,
    source,
    ...(holder && { holder }),
    to,
    amount,
    signBy: momentOf(valid, "--valid", desk),
    salt: randomSalt(),
  });
  return { domain: desk.deployment.domain, order, documentSalt, ruling };
}

const fileOf = (name: string, { asset, source, holder, piece }: Part, { units }: CustodyAt): string => {
  const parts = [name, units.symbol(asset), source, ...(holder ? [holder] : []), ...(piece > 1 ? [piece] : [])];
  return orderFileName("Transfer", parts.join("."));
};

/** Has the contracts try every order, with officers that exist in a call alone. @throws NotReadyError */
async function requirePassing(moved: readonly Moved[], { client, deployment }: ChainDesk): Promise<void> {
  const tried = moved.map(async ({ file, content: { order } }) => {
    const { passes, refusal: why } = await simulate(client, deployment, order);
    return passes ? [] : [`${file}: ${why!.reason}`];
  });
  const reasons = (await Promise.all(tried)).flat();
  if (reasons.length > 0) throw new NotReadyError("The contracts would refuse it.", reasons);
}

function refusal(name: string, { file }: Successor, stays: readonly Stay[], { units }: CustodyAt): SequesterError {
  const unknown = stays.filter(({ kind }) => kind === "unknown").map(({ asset }) => units.symbol(asset));
  if (unknown.length > 0) return new UnknownToSuccessorError(file, [...new Set(unknown)]);
  const told = ({ kind, asset, amount }: Stay) =>
    `${units(asset, amount)} ${units.symbol(asset)}, ${STAYS[kind].why}; ${STAYS[kind].first}`;
  return new NothingToMoveError(name, stays.map(told));
}
