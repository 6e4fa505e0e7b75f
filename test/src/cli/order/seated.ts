// A deployment in which officers of every kind sit: keys, and for the FMA a Safe and a P-256 key besides.
import type { Hex } from "viem";
import { admissionsOf } from "../../../../src/deployment/charter.ts";
import { buildFreeze, digestOf, OFFICER_KINDS, type Order } from "../../../../src/orders/index.ts";
import { addressOf, inTime } from "../../../system/chain.ts";
import { charterFor } from "../../../system/charters.ts";
import { actsIn, deployContracts } from "../../../system/deployed.ts";
import { deploymentOf } from "../../../system/deployment.ts";
import { nextSalt, officer, struct } from "../../../system/officers.ts";
import { UNIT } from "../../../system/money.ts";
import { DAY, OFFICERS, type OfficerName } from "../../../system/parameters.ts";
import { deployVerifiers, keyOfficer, p256Officer, safeOfficer, type TestOfficer } from "../../../system/kinds.ts";
import { Desk } from "./desk.ts";

/** The agency of the Safe and of the P-256 key. */
const FMA = 0;

/** Every key of the usual charter. */
const KEYS = OFFICERS.map(({ name }) => keyOfficer(officer(name as OfficerName)));

export async function deploySeated() {
  const contracts = await deployContracts();
  const { quorum, addresses, domain, issuer, tenge, alice, bob } = contracts;
  const verifiers = await deployVerifiers();
  const others = { safe: await safeOfficer(), p256: p256Officer(verifiers.p256) };
  const charter = charterFor(addresses, { verifiers: [verifiers.p256] });
  const seats = Object.values(others).map(({ kind, signer }) => ({ agency: FMA, kind: OFFICER_KINDS[kind], signer }));
  const whole = { ...charter, seats: [...charter.seats, ...seats] };
  const officers = new Map([...KEYS, ...Object.values(others)].map((it) => [it.signer.toLowerCase(), it]));
  const signatures = admissionsOf(whole).map((admission) =>
    officers.get(admission.message.signer.toLowerCase())!.sign(digestOf(admission, domain)),
  );
  await quorum.install(struct(whole), await Promise.all(signatures));
  for (const holder of [alice, bob]) await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
  const deployment = await deploymentOf(contracts, verifiers, { decimals: { KZTE: 6, USDX: 6 } });
  return { ...contracts, ...actsIn(contracts), ...others, deployment };
}

export type Seated = Awaited<ReturnType<typeof deploySeated>>;

/** An officer by its name in the charter, or one of another kind. */
export type Signing = OfficerName | TestOfficer;

/** What an officer signs a digest with. */
export const signed = async (digest: Hex, by: Signing) =>
  typeof by === "string"
    ? { signer: addressOf(officer(by)), signature: officer(by).signingKey.sign(digest).serialized as Hex }
    : { signer: by.signer, signature: await by.sign(digest) };

/** A desk with the deployment's file on it, in whose name orders are made and signed. */
export class SeatedDesk extends Desk {
  readonly #system: Seated;
  readonly deployment: string;

  constructor(system: Seated) {
    super(system.domain);
    this.#system = system;
    this.deployment = this.write("deployment.json", JSON.stringify(system.deployment));
  }

  /** The freeze of 40 KZTE for a day, in a case of this name. */
  async freeze(name: string, holder = this.#system.alice): Promise<{ file: string; order: Order<"Freeze"> }> {
    const signBy = await inTime();
    const targets = [{ asset: this.#system.kzte, account: addressOf(holder), amount: 40n * UNIT }];
    const build = (document: Hex) =>
      buildFreeze({ caseId: name, document, targets, term: Number(DAY), signBy, salt: nextSalt() });
    return this.order(name, build) as { file: string; order: Order<"Freeze"> };
  }

  async sign(name: string, digest: Hex, by: Signing): Promise<string> {
    const { signer, signature } = await signed(digest, by);
    return this.signature(name, digest, signer, signature);
  }
}

export const digestIn = ({ domain }: Pick<Seated, "domain">, order: Order): Hex => digestOf(order, domain);
