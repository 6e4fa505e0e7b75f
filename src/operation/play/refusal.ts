import { countOf } from "../../base/words.ts";
import { formatUnits, getAddress, isAddress, type Address, type Hex } from "viem";
import type { Refusal } from "../../chain/refusals.ts";
import { actName, decodeCaseId, decodeName, officerId } from "../../orders/index.ts";
import { needsOf, tally } from "./approve.ts";
import type { Stage } from "./stage.ts";
import { formatOffset } from "../../base/time.ts";

/** Arguments of the contracts' errors that say what would do, and numbers that say who is concerned; all others say what there is. */
const NEEDS =
  /^(need|needs|needed|least|most|longest|latestUntil|latest|first|start|deadline|next|floor|registered|from)$/;
const WHO = /^(act|agency|about|index)$/;

const TIME = /^(until|newUntil|since|latestUntil|latest|start|deadline|first|from|next|signBy|free)$/;
const SPAN = /^(term|claimTerm|longest|least|most)$/;
/** A term above is no span but a moment. */
const LONGEST_SPAN = 10 ** 9;
const AMOUNT = /^(amount|have|needs?|needed|free|unfrozen|held|rest|balance)$/;

/** As contracts/types/Standing.sol and Delayed.sol number them. */
const STANDINGS = ["nothing", "a contract of the system", "an asset", "a treasury", "a vault", "a platform's wallet"];
const STATES = ["not scheduled", "waiting", "executed", "vetoed"];

/** Who is concerned by an error of the contracts, what there is and what is needed, in the operation's own names. */
export function refusalInWords(stage: Stage, { error, args }: Refusal, to: Address): string[] {
  const { operation, parameters, words, deployment } = stage;
  const isOfficers = error.startsWith("Quorum");
  const asset = words.asset(getAddress((args["asset"] ?? args["taken"] ?? to) as Address));
  const lines = { who: [] as string[], has: [] as string[], needs: [] as string[] };
  for (const [name, value] of Object.entries(args)) {
    const isName = typeof value === "string" && name !== "registered" && name !== "needed";
    lines[isName || WHO.test(name) ? "who" : NEEDS.test(name) ? "needs" : "has"].push(...tell(name, value));
  }
  if (error === "QuorumNotMet") lines.needs.push(needsOf(actName(Number(args["act"]))!, parameters));
  return Object.entries(lines).flatMap(([name, texts]) => (texts.length > 0 ? [`${name}: ${texts.join(", ")}`] : []));

  function tell(name: string, value: unknown): string[] {
    const word = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    switch (name) {
      case "caseId":
        return [`case ${decodeCaseId(value as Hex)}`];
      case "digest":
      case "order": {
        const known = [...stage.scheduled].find(([, orders]) =>
          orders.some(({ prepared }) => prepared.digest === value),
        );
        return [`order ${known?.[0] ?? String(value)}`];
      }
      case "officerId": {
        const known = stage.everyone.find(({ account }) => officerId(account.address) === value);
        return [`officer ${known?.name ?? String(value)}`];
      }
      case "platform":
      case "subAccount":
        return [`${word} ${decodeName(value as Hex)}`];
      case "act":
        return [String(actName(Number(value)))];
      case "about":
        return [];
      case "agency":
        return [`agency ${parameters.agencies[Number(value)]}`];
      case "standing":
        return [STANDINGS[Number(value)] ?? "a sub-account"];
      case "state":
        return [String(STATES[Number(value)])];
    }
    if (typeof value === "string") return [`${word} ${isAddress(value) ? nameOf(value) : value}`];
    const label = /^(have|needs?|needed|given)$/.test(name) ? "" : `${word} `;
    if (isOfficers && label === "") return [officersIn(value as bigint)];
    if (typeof value === "bigint" && (AMOUNT.test(name) || (name === "most" && "amount" in args))) {
      return [
        `${label}${asset === undefined ? countOf(value, "base unit") : `${formatUnits(value, asset.decimals)} ${asset.symbol}`}`,
      ];
    }
    const number = Number(value);
    if (TIME.test(name) || (SPAN.test(name) && number > LONGEST_SPAN)) {
      return [label + formatOffset(number - operation.start)];
    }
    const isSpan = SPAN.test(name) && ("term" in args || "claimTerm" in args || name === "longest");
    return [label + (isSpan ? formatOffset(number) : String(value))];
  }

  /** One hex digit an agency, the first lowest. */
  function officersIn(digits: bigint): string {
    const counts = parameters.agencies.map((agency, i) => [agency, Number((digits >> BigInt(4 * i)) & 15n)] as const);
    return tally(counts.filter(([, count]) => count > 0)) || "nobody";
  }

  function nameOf(address: Address): string {
    const symbol = words.asset(getAddress(address))?.symbol;
    const wallet = operation.wallets.find((it) => it.address === getAddress(address))?.name;
    const contract = Object.entries(deployment.addresses).find(([, at]) => at === getAddress(address))?.[0];
    return symbol ?? wallet ?? contract ?? address;
  }
}
