import { deployKinds } from "../cli/order/world.ts";
import { addressOf } from "../../system/chain.ts";
import { encodeCaseId } from "../../../src/orders/index.ts";
import { actsIn } from "../../system/deployed.ts";
import { UNIT } from "../../system/money.ts";

/** A case in which much happened: frozen, arrested, seized, returned in part, and a stranger's deposit in its vault. */
export async function deployHistory() {
  const kinds = await deployKinds();
  const system = { ...kinds, ...actsIn(kinds) };
  const { alice, bob, kzte, tenge, docket } = system;
  const target = (amount: bigint, account = addressOf(alice)) => ({ asset: kzte, account, amount: amount * UNIT });
  await system.freeze([target(100n), target(40n, addressOf(bob))]);
  await system.freeze([target(7n)], { caseId: "OTHER", term: 86_400 });
  await system.seize([target(60n)]);
  await system.refund([{ taken: kzte, ...target(25n) }]);
  const vault = (await docket.vaultOf(encodeCaseId("CASE-1"))) as `0x${string}`;
  await tenge.connect(alice).transfer(vault, 3n * UNIT);
  return { ...system, vault };
}

export type History = Awaited<ReturnType<typeof deployHistory>>;
