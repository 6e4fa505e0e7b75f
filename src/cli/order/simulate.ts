import { bigintsAsText } from "../../base/json.ts";
import { amountsOf, tableOf } from "../../base/table.ts";
import type { Standing } from "../../orders/movements.ts";
import type { Surroundings } from "../operation.ts";
import { readApproved, type ApprovalOptions, type ApprovedOrder } from "./approved.ts";
import { chainDeskOf, type ChainDesk, type DeskOptions } from "./desk.ts";
import { NotReadyError, toldOf } from "./refused.ts";
import { sentenceLines } from "./shown.ts";

export interface SimulateOptions extends DeskOptions, ApprovalOptions {
  rpc: string;
  json?: boolean;
}

/** Tells what would become of orders now. @throws NotReadyError where the contracts would refuse one. */
export async function simulateOrders(
  places: readonly string[],
  options: SimulateOptions,
  { stdout, stderr }: Pick<Surroundings, "stdout" | "stderr">,
): Promise<void> {
  const desk = await chainDeskOf(options);
  const orders = await readApproved(places, options, desk, { stderr }, { movements: true });
  if (options.json) {
    const data = { schema: "sequester.order-simulation/1", orders: orders.map((order) => dataOf(order, desk)) };
    stdout.write(`${JSON.stringify(data, bigintsAsText)}\n`);
  } else {
    for (const order of orders) {
      const lines = [...sentenceLines(order, desk.words), ...toldOf(order, desk), ...movedIn(order, desk)];
      stdout.write(`${order.path} ${order.digest}\n${lines.map((line) => `  ${line}\n`).join("")}`);
    }
  }
  const refused = orders.filter(({ simulation }) => !simulation.passes);
  if (refused.length === 0) return;
  const reasons = refused.map(({ path: file, simulation }) => `${file}: ${simulation.refusal!.reason}`);
  throw new NotReadyError("The contracts would refuse it.", reasons);
}

function dataOf({ path: file, digest, state, simulation }: ApprovedOrder, { words }: ChainDesk) {
  const { passes, refusal, ways, at, movements } = simulation;
  return {
    file,
    digest,
    state,
    passes,
    at,
    ...(refusal && { refusal }),
    ways: ways.map(({ alternative, missing, refusal: of }) => ({
      alternative,
      missing: Object.fromEntries([...missing].map(([agency, n]) => [words.agency(agency) ?? agency, n])),
      ...(of && { refusal: of }),
    })),
    ...(movements && { accounts: movements }),
  };
}

/** What an order does to accounts, in lines: each figure before and after it, one where that is the same. */
function movedIn({ simulation: { passes, movements } }: ApprovedOrder, { words }: ChainDesk): string[] {
  if (!passes) return [];
  if (movements === undefined) return ["the node does not tell what it does to accounts"];
  if (movements.length === 0) return ["no balance and no hold changes now"];
  const rows = movements.map(({ asset, account, isVault, before, after }) => {
    const { symbol = asset, decimals = 0 } = words.asset(asset) ?? {};
    const told = (name: keyof Standing) => {
      const [from, to] = amountsOf([before[name], after[name]], decimals);
      return from === to ? from! : `${from} -> ${to}`;
    };
    return [account + (isVault ? ", its vault" : ""), symbol, told("balance"), told("held"), told("covered")];
  });
  const changes = movements.some(({ before, after }) => NAMES.some((name) => before[name] !== after[name]));
  const what = changes ? "what it does, before -> after:" : "no balance and no amount held changes now:";
  return [what, ...tableOf([HEAD, ...rows]).map((line) => `  ${line}`)];
}

const NAMES = ["balance", "held", "covered"] as const satisfies (keyof Standing)[];
const HEAD = ["account", "asset", ...NAMES];
