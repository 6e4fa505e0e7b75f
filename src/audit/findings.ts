import { concat, isAddressEqual, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { keccakHex, bytesOf } from "../base/keccak.ts";
import { countOf } from "../base/words.ts";
import { decodeEffects } from "../journal/effects.ts";
import { decodeName } from "../orders/caseId.ts";
import { actName } from "../orders/types.ts";
import { codeAt, type Compiler } from "./codes.ts";
import { executorOf, placesIn, ruledActs } from "./evidence.ts";
import type { Pack } from "./pack.ts";
import { ruleSlot } from "./slots.ts";

/** One thing that was looked at: what was found, and whether it is as it should be. */
export interface Check {
  readonly what: string;
  readonly right: boolean;
  readonly told: string;
}

/** What an auditor holds a pack against, that others do not tell him. */
export interface Against {
  /** The hash of the block, from somewhere else. */
  readonly blockHash: Hex;
  /** What the compiler makes of a contract; what it made of it at the last build unless told. */
  readonly compiled?: Compiler | undefined;
}

/** A pack is not what it should be: names every finding. Exit code 3. */
export class PackRefusedError extends SequesterError {
  override name = "PackRefusedError";
  constructor(findings: readonly Check[]) {
    super("The pack is refused.", {
      code: EXIT.verification,
      metaMessages: findings.map(({ what, told }) => `${what}: ${told}`),
    });
  }
}

/** @throws PackRefusedError */
export function requireRight(checks: readonly Check[]): void {
  const findings = checks.filter(({ right }) => !right);
  if (findings.length > 0) throw new PackRefusedError(findings);
}

/** Holds a pack, whose proofs were followed, against a block's hash and the compiled contracts. @throws NotBuiltError */
export const checksOf = (pack: Pack, against: Against): Check[] => [
  ...foundationChecks(pack, against),
  ...balanceChecks(pack),
];

/** The same without the balances: what must be right before anything can be told. @throws NotBuiltError */
export function foundationChecks(pack: Pack, { blockHash, compiled }: Against): Check[] {
  const { header } = pack.shown;
  return [
    {
      what: "block",
      right: header.hash === blockHash.toLowerCase(),
      told: `the header hashes to ${header.hash}, asked was ${blockHash}`,
    },
    ...codeChecks(pack, compiled),
    ...chartered(pack),
    ...ruleChecks(pack),
  ];
}

/** Every contract is the compiled one, with its neighbours in its immutables; every vault is a clone of the one implementation. */
function codeChecks(
  { evidence: { deployment, codes }, shown: { accounts, state } }: Pack,
  compiler: Compiler | undefined,
): Check[] {
  const { addresses } = deployment;
  const contracts = placesIn(addresses).map(([place, address]): Check => {
    const code = codes[accounts.get(address)!.codeHash]!;
    return { what: `code of ${place}`, ...codeAt(place, code, deployment, compiler) };
  });
  const clone = concat(["0x363d3d373d3d3d363d73", addresses.vault, "0x5af43d82803e903d91602b57fd5bf3"]);
  const cloneHash = keccakHex(bytesOf(clone));
  const vaults = [...state.cases.values()].flatMap(({ caseId, vault }): Check[] => {
    if (vault === undefined || accounts.get(vault)!.codeHash === cloneHash) return [];
    return [
      { what: `vault of ${decodeName(caseId)}`, right: false, told: `${vault} is no clone of ${addresses.vault}` },
    ];
  });
  return [...contracts, ...vaults];
}

/** The contracts and assets of the deployment's file are those that the charter installed. */
function chartered({ evidence: { deployment, entries } }: Pack): Check[] {
  const { addresses } = deployment;
  const installed = entries.flatMap(({ effects }) => decodeEffects(effects));
  const assets = installed.filter(({ what }) => what === "assetInstalled").map(({ asset }) => asset);
  const places: Readonly<Record<string, Address>> = {
    1: addresses.docket,
    2: addresses.disposal,
    3: addresses.vault,
    4: addresses.register,
  };
  const contracts = installed.filter(({ what }) => what === "contractInstalled");
  const unnamed = [
    ...contracts.filter(({ amount, account }) => places[String(amount)] !== account).map(({ account }) => account),
    ...lacking(assets, Object.values(addresses.assets)),
  ];
  const uninstalled = [
    ...lacking(
      Object.values(places),
      contracts.map(({ account }) => account),
    ),
    ...lacking(Object.values(addresses.assets), assets),
  ];
  return [
    {
      what: "charter",
      right: unnamed.length + uninstalled.length === 0,
      told:
        unnamed.length > 0
          ? `installed ${unnamed.join(", ")}, which the deployment's file does not name`
          : uninstalled.length > 0
            ? `did not install ${uninstalled.join(", ")}, which the deployment's file names`
            : `installed these contracts and ${countOf(assets.length, "asset")}`,
    },
  ];
}

/** Those of `some` that are not among `others`. */
const lacking = (some: readonly Address[], others: readonly Address[]): Address[] =>
  some.filter((address) => !others.some((other) => isAddressEqual(other, address)));

/** The rules that are stored are those that the journal tells. */
function ruleChecks({ evidence: { deployment }, shown: { accounts, powers } }: Pack): Check[] {
  const { addresses } = deployment;
  const words = accounts.get(addresses.quorum)!.words;
  const wrong = ruledActs().filter((act) => {
    const told = powers.rules.get(act) ?? [];
    return [...told.map(({ word }) => word), 0n].some(
      (word, i) => words.get(ruleSlot(addresses[executorOf(act)], act, i)) !== word,
    );
  });
  const alternatives = [...powers.rules.values()].reduce((sum, it) => sum + it.length, 0);
  return [
    {
      what: "rules",
      right: wrong.length === 0,
      told:
        wrong.length === 0
          ? `${countOf(alternatives, "alternative")} are stored as the journal tells`
          : `those of ${wrong.map((act) => actName(act) ?? act).join(", ")} are stored otherwise than the journal tells`,
    },
  ];
}

/** Every vault has what the journal tells; what nobody booked is named, and what is missing is wrong. */
function balanceChecks({ custody }: Pack): Check[] {
  const differing = custody.filter(({ unexplained }) => unexplained !== 0n);
  return [
    {
      what: "balances",
      right: differing.every(({ unexplained }) => unexplained > 0n),
      told: `${countOf(custody.length - differing.length, "balance")} of cases' vaults equal the journal`,
    },
    ...differing.map(({ caseId, symbol, unexplained }) => ({
      what: `balance of ${decodeName(caseId)} in ${symbol}`,
      right: unexplained > 0n,
      told:
        unexplained > 0n
          ? `${countOf(unexplained, "base unit")} came by no act and were not booked`
          : `${countOf(-unexplained, "base unit")} are missing`,
    })),
  ];
}
