// Long: every function of every contract, as the deployer and as a fresh key.
import { expect } from "chai";
import {
  getAddress,
  keccak256,
  type BaseContract,
  type FunctionFragment,
  type ParamType,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import {
  buildArrest,
  buildCancel,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  encodeCaseId,
  type Order,
} from "../../src/orders/index.ts";
import { randomFrom, type Random } from "../src/orders/random.ts";
import { CASE } from "../system/acts/signed.ts";
import { addressOf, ethers, inTime, networkHelpers, NEVER, now } from "../system/chain.ts";
import { signCharter } from "../system/charters.ts";
import { deployFaultySystem, FAULT } from "../system/faulty.ts";
import { UNIT } from "../system/money.ts";
import { approvalsOf, DOCUMENT, documentOf, nextSalt, officerIdOf, struct } from "../system/officers.ts";
import { DAY, type OfficerName } from "../system/parameters.ts";

/** Stands for the caller in call data and in answers, so that those of two callers can be compared. */
const CALLER = "0xca11e7ca11e7ca11e7ca11e7ca11e7ca11e7ca11";

/** How many random calls each function gets. */
const VARIANTS = 40;

/** A case in full swing, and a fresh key that has what the deployer has. */
async function deployBusy() {
  const system = await deployFaultySystem();
  const { deployer, issuer, alice, bob, carol, tenge, other, faulty, kzte, flty, docket, domain, caseId } = system;
  const fresh = (await ethers.getSigners())[15]!;
  for (const account of [deployer, fresh]) {
    await networkHelpers.setBalance(account.address, 10n ** 22n);
    for (const asset of [tenge, other]) await asset.connect(issuer).mint(account, 50n * UNIT);
    await faulty.mint(account, 50n * UNIT);
  }
  await system.freeze([{ asset: kzte, account: addressOf(carol), amount: UNIT }], { term: 100 });
  await networkHelpers.time.increase(200);
  await system.take([{ asset: flty, account: addressOf(bob), amount: 100n * UNIT }]);
  await faulty.setFault(bob, FAULT.revert);
  await system.refund([{ taken: flty, asset: flty, account: addressOf(bob), amount: 10n * UNIT }]);
  await faulty.setFault(bob, FAULT.none);
  await system.freeze([{ asset: kzte, account: addressOf(alice), amount: 100n * UNIT }]);
  const vaultAt = await docket.vaultOf(caseId);
  await tenge.connect(bob).transfer(vaultAt, 3n * UNIT);
  const clone = await ethers.getContractAt("CaseVault", vaultAt);

  const contracts: Record<string, BaseContract> = {
    Quorum: system.quorum,
    Docket: docket,
    Disposal: system.disposal,
    Lens: system.lens,
    Tenge: tenge,
    "second Tenge": other,
    "CaseVault (implementation)": system.vault,
    "CaseVault (clone)": clone,
  };
  const approved = async (order: Order, by: OfficerName[]) =>
    [struct(order.message), await approvalsOf(domain, order, by)] as const;
  return { ...system, fresh, clone, contracts, approved };
}

type Busy = Awaited<ReturnType<typeof deployBusy>>;

/** What came of a call: what it answered, or with what it reverted. The caller's own address and id stand as CALLER's. */
type Outcome = { answered: string } | { reverted: string };

const inPlaceOf = (from: string, to: string, data: string): string =>
  data
    .replaceAll(from.slice(2).toLowerCase(), to.slice(2).toLowerCase())
    .replaceAll(keccak256(from).slice(2), keccak256(to).slice(2));

async function outcomeOf(caller: string, to: string, data: string, value = 0n): Promise<Outcome> {
  const call = { from: caller, to, data: inPlaceOf(CALLER, caller, data), value: `0x${value.toString(16)}` };
  try {
    const answered = (await ethers.provider.send("eth_call", [call, "latest"])) as string;
    return { answered: inPlaceOf(caller, CALLER, answered) };
  } catch (error) {
    const { data: reverted, code } = error as { data?: string; code?: number };
    if (code !== 3 || reverted === undefined) throw error;
    return { reverted: inPlaceOf(caller, CALLER, reverted) };
  }
}

/** The logs of the call sent as a transaction in the next second, as entries tell; it leaves no trace behind. */
async function logsOf(caller: Busy["deployer"], to: string, data: string): Promise<string> {
  const before = await networkHelpers.takeSnapshot();
  await networkHelpers.time.setNextBlockTimestamp((await now()) + 1n);
  const sent = await caller.sendTransaction({ to, data: inPlaceOf(CALLER, caller.address, data) });
  const { logs } = (await sent.wait())!;
  await before.restore();
  return inPlaceOf(
    caller.address,
    CALLER,
    JSON.stringify(logs.map(({ address, topics, data: d }) => [address, topics, d])),
  );
}

/** The same call by both: the same outcome, and where it succeeds the same logs. */
async function expectSame({ deployer, fresh }: Busy, to: string, data: string, what: string): Promise<Outcome> {
  const byDeployer = await outcomeOf(deployer.address, to, data);
  expect(byDeployer, what).to.deep.equal(await outcomeOf(fresh.address, to, data));
  if ("answered" in byDeployer) {
    expect(await logsOf(deployer, to, data), what).to.equal(await logsOf(fresh, to, data));
  }
  return byDeployer;
}

const changing = (contract: BaseContract): FunctionFragment[] => {
  const found: FunctionFragment[] = [];
  contract.interface.forEachFunction((fragment) => {
    if (!fragment.constant) found.push(fragment);
  });
  return found;
};

/** Values that mean something in this deployment, besides random ones. */
async function poolOf(system: Busy) {
  const { docket, quorum, disposal, vault, clone, kzte, usdx, flty, treasury, issuer, alice, bob, carol } = system;
  const parts = await Promise.all([docket, quorum, disposal, vault, clone].map((contract) => contract.getAddress()));
  return {
    addresses: [...parts, kzte, usdx, flty, CALLER, CALLER, ZeroAddress].concat(
      [treasury, issuer, alice, bob, carol].map(({ address }) => address),
    ),
    words: [system.caseId, encodeCaseId("CASE-2"), DOCUMENT, ZeroHash, officerIdOf("COURT-1"), documentOf("x")],
    numbers: [0n, 1n, 6n, 7n, 64n, await docket.nextEntry(), UNIT, 50n * UNIT, await now(), (await now()) + DAY, NEVER],
  };
}

type Pool = Awaited<ReturnType<typeof poolOf>>;

/** A value of a type of the ABI. */
function valueOf(type: ParamType, random: Random, pool: Pool): unknown {
  if (type.isArray()) {
    const length = type.arrayLength >= 0 ? type.arrayLength : random.below(3);
    return Array.from({ length }, () => valueOf(type.arrayChildren, random, pool));
  }
  if (type.isTuple()) {
    // The caller's address in an order would make it another order, with another digest.
    const without = { ...pool, addresses: pool.addresses.filter((address) => address !== CALLER) };
    return type.components.map((component) => valueOf(component, random, without));
  }
  if (type.type === "address") return random.below(8) ? random.pick(pool.addresses) : random.address();
  if (type.type === "bool") return random.below(2) === 1;
  if (type.type === "string") return random.text();
  if (type.type === "bytes32") return random.below(4) ? random.pick(pool.words) : random.bytes(32);
  if (type.type === "bytes") return random.bytes(random.pick([0, 20, 64, 65, 130, 195]));
  if (type.type.startsWith("bytes")) return random.bytes(Number(type.type.slice(5)));
  const bits = Number(type.type.replace(/^u?int/, ""));
  return random.below(4) ? random.pick(pool.numbers) & (2n ** BigInt(bits) - 1n) : random.uint(bits);
}

describe("the deployer, after install,", () => {
  for (const name of [
    "Quorum",
    "Docket",
    "Disposal",
    "Lens",
    "Tenge",
    "second Tenge",
    "CaseVault (implementation)",
    "CaseVault (clone)",
  ]) {
    it(`can do with no function of ${name} what a fresh key could not`, async () => {
      const system = await networkHelpers.loadFixture(deployBusy);
      const [contract, random, pool] = [system.contracts[name]!, randomFrom(`deployer ${name}`), await poolOf(system)];
      const to = await contract.getAddress();
      const functions = changing(contract);
      for (const fragment of functions) {
        for (let variant = 0; variant < VARIANTS; ++variant) {
          const args = fragment.inputs.map((input) => valueOf(input, random, pool));
          const data = contract.interface.encodeFunctionData(fragment, args);
          await expectSame(system, to, data, `${fragment.name} #${variant}`);
        }
      }
      expect(functions.length === 0).to.equal(name.endsWith("Lens"));
    });

    it(`gets from ${name} for foreign call data, and for ether, what a fresh key gets`, async () => {
      const system = await networkHelpers.loadFixture(deployBusy);
      const { deployer, fresh } = system;
      const [to, random] = [await system.contracts[name]!.getAddress(), randomFrom(`foreign ${name}`)];
      for (const data of ["0x", ...Array.from({ length: 20 }, () => random.bytes(random.pick([1, 4, 36, 100])))]) {
        await expectSame(system, to, data, data);
        const [a, b] = await Promise.all([deployer, fresh].map(({ address }) => outcomeOf(address, to, data, 1n)));
        expect(a).to.deep.equal(b);
        expect(a, "ether is taken").to.have.property("reverted");
      }
    });
  }

  it("executes what officers approved as anyone could, by every act", async () => {
    const system = await networkHelpers.loadFixture(deployBusy);
    const { approved, docket, disposal, quorum, kzte, flty, alice, bob, carol, caseId } = system;
    const [asset, account] = [kzte, addressOf(alice)];
    const signBy = await inTime();
    const base = () => ({ caseId: CASE, document: DOCUMENT, signBy, salt: nextSalt() });
    const listed = ([order, approvals]: readonly [unknown, unknown]) => [[order], [approvals], "0x"];
    const upTo = Number(await docket.placements());
    const some = [{ asset, account, amount: UNIT }];
    const freeze = await approved(
      buildFreeze({ ...base(), targets: [{ asset, account: addressOf(bob), amount: UNIT }], term: 86_400 }),
      ["FMA-1", "FMA-2", "GPO-1"],
    );
    const arrest = buildArrest({ ...base(), confirm: some, upTo, until: (await now()) + 20n * DAY });
    const refund = buildReturn({
      ...base(),
      holders: [{ taken: flty, asset: flty, account: addressOf(bob), amount: 5n }],
    });
    const cancel = buildCancel({ order: nextSalt(), signBy, salt: nextSalt() });
    const acts: [BaseContract, string, readonly unknown[]][] = [
      [docket, "freeze", listed(freeze)],
      [docket, "arrest", listed(await approved(arrest, ["COURT-1", "FMA-1", "GPO-1"]))],
      [
        docket,
        "lift",
        await approved(buildLift({ ...base(), holds: some, upTo, arrested: true }), ["COURT-1", "COURT-2"]),
      ],
      [
        ...([docket, "seize"] as const),
        listed(await approved(buildSeize({ ...base(), holds: some, upTo }), ["COURT-1", "FMA-1", "GPO-1", "NBK-1"])),
      ],
      [docket, "lapse", [caseId, [{ asset, account: carol.address }]]],
      [disposal, "book", [caseId, kzte]],
      [disposal, "open", [caseId, nextSalt(), nextSalt()]],
      [disposal, "refund", listed(await approved(refund, ["COURT-1", "NBK-1"]))],
      [disposal, "claim", [caseId, flty, bob.address]],
      [quorum, "cancel", await approved(cancel, ["KNB-1"])],
    ];
    for (const [contract, name, args] of acts) {
      const data = contract.interface.encodeFunctionData(name, args);
      expect(await expectSame(system, await contract.getAddress(), data, name), name).to.have.property("answered");
    }
  });

  it("is refused what only a part of the system may do, with the same words as anyone", async () => {
    const system = await networkHelpers.loadFixture(deployBusy);
    const { quorum, docket, tenge, clone, charter, domain, alice, caseId, kzte } = system;
    const second = { ...charter, document: documentOf("second") };
    const approvals = { keys: "0x", others: [] };
    const installed = [charter.contracts, charter.numbers, [], DOCUMENT, [], "0x"];
    const calls: [BaseContract, string, unknown[], string][] = [
      [quorum, "install", [charter, await signCharter(charter, domain)], "QuorumInstalled"],
      [quorum, "install", [second, await signCharter(second, domain)], "QuorumInstalled"],
      [quorum, "use", [6, 15, nextSalt(), NEVER, 9, false, approvals], "QuorumNoRule"],
      [docket, "install", installed, "DocketOnlySystem"],
      [docket, "record", [await docket.nextEntry(), 6, caseId, DOCUMENT, ZeroHash, [], "0x"], "DocketOnlySystem"],
      [clone, "pay", [kzte, CALLER, 1], "CaseVaultOnlyDocket"],
      [tenge, "mint", [CALLER, 1], "TengeOnlyIssuer"],
      [tenge, "setHeld", [alice.address, 0, 0], "TengeOnlyDocket"],
      [tenge, "setFrozenTokens", [alice.address, 0], "TengeOnlyDocket"],
      [tenge, "forcedTransfer", [alice.address, CALLER, 1], "TengeOnlyDocket"],
    ];
    for (const [contract, name, args, error] of calls) {
      const data = contract.interface.encodeFunctionData(name, args);
      const outcome = await expectSame(system, await contract.getAddress(), data, name);
      const reverted = "reverted" in outcome ? contract.interface.parseError(outcome.reverted)?.name : undefined;
      expect(reverted, name).to.equal(error);
    }
  });

  it("stands in no contract's code but the Quorum's, which asks for it in install alone", async () => {
    const { contracts, deployer } = await networkHelpers.loadFixture(deployBusy);
    for (const [name, contract] of Object.entries(contracts)) {
      const code = (await contract.getDeployedCode())!;
      expect(code.toLowerCase().includes(deployer.address.slice(2).toLowerCase()), name).to.equal(name === "Quorum");
    }
  });

  it("cannot be the issuer of a Tenge, nor can nobody", async () => {
    const { docket, deployer, tenge, fresh } = await networkHelpers.loadFixture(deployBusy);
    const factory = await ethers.getContractFactory("Tenge");
    for (const issuer of [deployer.address, ZeroAddress]) {
      await expect(factory.deploy(docket, issuer, "Tenge", "KZTE", 6))
        .to.be.revertedWithCustomError(tenge, "TengeInvalidIssuer")
        .withArgs(issuer);
    }
    const other = await factory.connect(fresh).deploy(docket, deployer, "Tenge", "KZTE", 6);
    expect(await other.ISSUER()).to.equal(getAddress(deployer.address));
  });
});
