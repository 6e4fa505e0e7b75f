// A charter in words: a name and a value for each thing that it settles, so that it can be read, and compared with another.
import { getAddress, type Hex } from "viem";
import { formatOffset, isoOf } from "../base/time.ts";
import { countOf } from "../base/words.ts";
import type { PerContract } from "../chain/deployments.ts";
import { ruleTimes, unpackOfficers } from "./ruleWords.ts";
import { decodeName } from "../orders/caseId.ts";
import { officerKind } from "../orders/acts/officers.ts";
import { actName } from "../orders/types.ts";
import type { Charter } from "./charter.ts";
import { signerInWords } from "./seats.ts";

/** Where the contracts stand that a charter names, for the names of assets and verifiers. */
export type Addresses = PerContract<Hex>;

/** What a charter settles, by name. Two charters that settle the same are the same. */
export function settledBy(charter: Charter, addresses: Addresses): Map<string, string> {
  const agencies = charter.agencies.map(decodeName);
  const agency = (index: number) => agencies[index] ?? `agency ${index}`;
  const symbolOf = (asset: Hex) =>
    Object.entries(addresses.assets).find(([, it]) => getAddress(it) === getAddress(asset))?.[0] ?? getAddress(asset);
  const { freezesPerDay, cooling, longestArrest } = charter.numbers;
  return new Map([
    ["document", charter.document],
    ["sign by", isoOf(charter.signBy)],
    ["agencies", agencies.join(", ")],
    ["court", agency(charter.court)],
    ["prosecutor", agency(charter.prosecutor)],
    ...charter.seats.map(({ agency: index, kind, signer }, i): [string, string] => [
      `seat ${i + 1}`,
      `${agency(index)}, ${officerKind(kind) ?? `kind ${kind}`}, ${signerInWords(signer, kind, addresses.verifiers)}`,
    ]),
    ...charter.rules.map(({ act, alternatives }): [string, string] => [
      `rule of ${actName(act) ?? `act ${act}`}`,
      alternatives.map((rule) => `${unpackOfficers(rule.officers, agencies)}, ${ruleTimes(rule)}`).join("; or "),
    ]),
    ["number freezesPerDay", countOf(freezesPerDay, "target")],
    ["number cooling", formatOffset(cooling)],
    ["number longestArrest", formatOffset(longestArrest)],
    ...Object.entries(charter.contracts).map(([name, address]): [string, string] => [
      `contract ${name}`,
      getAddress(address),
    ]),
    ["verifiers", charter.verifiers.map((it) => getAddress(it)).join(", ")],
    ...charter.assets.flatMap(({ asset, adapter, treasury }): [string, string][] => [
      [`asset ${symbolOf(asset)}`, getAddress(adapter)],
      [`treasury of ${symbolOf(asset)}`, getAddress(treasury)],
    ]),
  ]);
}

/** Where two charters differ: what the first has and the second needs, a line each. */
export function changesOf(has: Charter, needs: Charter, at: { has: Addresses; needs: Addresses }): string[] {
  const [before, after] = [settledBy(has, at.has), settledBy(needs, at.needs)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: has ${before.get(name) ?? "none"}, needs ${after.get(name) ?? "none"}`);
}
