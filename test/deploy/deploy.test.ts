// Long: deploys everything, and once more for each place where it can be interrupted.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";
import { getAddress, keccak256, toBytes, zeroAddress, zeroHash, type Address, type PublicClient } from "viem";
import { charterModule } from "../../deploy/modules/Charter.ts";
import { contractsModule } from "../../deploy/modules/Contracts.ts";
import { abiOf } from "../../src/chain/artifacts.ts";
import { readDeployment, verifyDeployment, type Deployment } from "../../src/chain/deployments.ts";
import { buildCharter, packOfficers } from "../../src/deployment/charter.ts";
import { deploy, type DeployInput } from "../../src/deployment/deploy.ts";
import { deployedIn, runModule, type Site } from "../../src/deployment/ignition.ts";
import { installationFile, readInstallation } from "../../src/deployment/installation.ts";
import { SequesterError } from "../../src/base/errors.ts";
import { ACTS, officerId, type ActName } from "../../src/orders/index.ts";
import { OFFICERS, PARAMETERS } from "../system/parameters.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { ASSETS, countingSigner, freshChain, refusal, type LocalDeployInput } from "./harness.ts";

/** Transactions that deploy the contracts, without the assets. */
const CONTRACTS = 5 + 3;

const STRANGER: Address = getAddress(`0x${"12".repeat(20)}`);

const readQuorum = (client: PublicClient, { addresses }: Deployment) => ({
  docket: () => client.readContract({ address: addresses.quorum, abi: abiOf("Quorum"), functionName: "docket" }),
  agencies: () => client.readContract({ address: addresses.quorum, abi: abiOf("Quorum"), functionName: "agencyNames" }),
  officer: (signer: Address) =>
    client.readContract({
      address: addresses.quorum,
      abi: abiOf("Quorum"),
      functionName: "officer",
      args: [officerId(signer)],
    }),
  isVerifier: (verifier: Address) =>
    client.readContract({
      address: addresses.quorum,
      abi: abiOf("Quorum"),
      functionName: "isVerifier",
      args: [verifier],
    }),
  rule: (act: ActName, alternative: number) =>
    client.readContract({
      address: addresses.quorum,
      abi: abiOf("Quorum"),
      functionName: "rule",
      args: [ACTS[act], alternative],
    }),
});

/** The connection, whose n-th transaction is cut off before or after the chain has it. Later ones never leave. */
function cutting(connection: NetworkConnection<string>, n: number, when: "before" | "after") {
  let sent = 0;
  const request = async (args: { method: string; params?: unknown[] }): Promise<unknown> => {
    const sends = args.method === "eth_sendTransaction" || args.method === "eth_sendRawTransaction";
    if (!sends || ++sent < n) return connection.provider.request(args) as Promise<unknown>;
    if (sent === n && when === "after") await connection.provider.request(args);
    throw new Error("the line was cut");
  };
  const provider = new Proxy(connection.provider, {
    get: (target, key) => (key === "request" ? request : (Reflect.get(target, key) as unknown)),
  });
  return new Proxy(connection, {
    get: (target, key) => (key === "provider" ? provider : (Reflect.get(target, key) as unknown)),
  });
}

describe("Deployment", () => {
  after(removeTemporaryFolders);
  it("binds the contracts, installs the charter and describes itself, without a folder", async () => {
    const { client, cast, input } = await freshChain();
    const [elsewhere, usual] = [temporaryFolder(), process.env["TMPDIR"]];
    process.env["TMPDIR"] = elsewhere;
    const deployment = await deploy(input).finally(() => {
      if (usual === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = usual;
    });
    expect(readdirSync(elsewhere)).to.deep.equal([]);

    const { addresses } = deployment;
    expect(deployment).to.include({ schema: "sequester.deployment/1", chainId: 31337, timeZone: "Asia/Almaty" });
    expect(deployment.contact).to.deep.equal(PARAMETERS.contact);
    expect(deployment.domain).to.deep.equal({
      name: "Sequester",
      version: "1",
      chainId: 31337,
      verifyingContract: addresses.quorum,
    });
    expect(Object.keys(addresses.assets)).to.deep.equal(ASSETS.map(({ symbol }) => symbol));
    await verifyDeployment(client, deployment);

    const quorum = readQuorum(client, deployment);
    expect(await quorum.docket()).to.equal(addresses.docket);
    expect(await quorum.agencies()).to.have.length(PARAMETERS.agencies.length);
    for (const { agency, name } of OFFICERS) {
      const seat = [1, PARAMETERS.agencies.indexOf(agency)];
      expect(await quorum.officer(cast.officers.get(name)!.address), name).to.deep.equal(seat);
    }
    for (const [act, alternatives] of Object.entries(PARAMETERS.rules)) {
      for (const [i, { officers, delay, grace, term }] of alternatives.entries()) {
        const times = (BigInt(delay) << 64n) | (BigInt(grace) << 96n) | (BigInt(term) << 128n);
        const packed = BigInt(packOfficers(officers, PARAMETERS.agencies)) | times;
        expect(await quorum.rule(act as ActName, i), `${act} ${i}`).to.equal(packed);
      }
    }
    for (const verifier of Object.values(addresses.verifiers)) {
      expect(await quorum.isVerifier(verifier), verifier).to.equal(true);
    }
    expect(await quorum.isVerifier(addresses.lens)).to.equal(false);
    for (const { symbol, decimals } of ASSETS) {
      const asset = { address: addresses.assets[symbol]!, abi: abiOf("Tenge") };
      expect(await client.readContract({ ...asset, functionName: "symbol" })).to.equal(symbol);
      expect(await client.readContract({ ...asset, functionName: "decimals" })).to.equal(decimals);
      expect(await client.readContract({ ...asset, functionName: "DOCKET" })).to.equal(addresses.docket);
      expect(await client.readContract({ ...asset, functionName: "ISSUER" })).to.equal(
        cast.issuers.get(symbol)!.address,
      );
      const docket = { address: addresses.docket, abi: abiOf("Docket") };
      const treasury = await client.readContract({ ...docket, functionName: "treasuryOf", args: [asset.address] });
      expect(treasury).to.equal(cast.treasury.address);
    }

    const filter = { address: addresses.docket, abi: abiOf("Docket"), fromBlock: 0n } as const;
    const entries = await client.getContractEvents({ ...filter, eventName: "Entry" });
    expect(entries.map(({ blockNumber }) => Number(blockNumber))).to.deep.equal([deployment.block]);
    expect(entries[0]!.args).to.include({ seq: 1n, act: ACTS.install });
    const officers = await client.getTransactionCount({ address: cast.officers.get("FMA-1")!.address });
    expect(officers).to.equal(0);
  });

  it("is the same for the same seed", async () => {
    const [one, two] = await Promise.all([freshChain(), freshChain()]);
    expect(await deploy(one.input)).to.deep.equal(await deploy(two.input));
  });

  it("writes its file, and a rerun changes nothing and asks nobody", async () => {
    const dir = temporaryFolder();
    const { client, cast, input } = await freshChain();
    const signer = countingSigner(input);
    const deployment = await deploy({ ...input, sign: signer.sign, dir });
    expect(await readDeployment(path.join(dir, "deployment.json"))).to.deep.equal(deployment);
    expect(signer.asked).to.deep.equal(input.seats.map((seat) => seat.signer));
    const sent = await client.getTransactionCount({ address: cast.deployer.address });
    const later = { ...input, signBy: input.signBy + 1000n };
    expect(await deploy({ ...later, sign: signer.sign, dir })).to.deep.equal(deployment);
    expect(signer.asked).to.have.length(OFFICERS.length);
    expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(sent);
  });

  describe("refuses before anything is sent", () => {
    const unbuilt = { officers: { COURT: 1 }, delay: 7 * 86_400, grace: 86_400, term: 0 };
    const refused: [what: string, change: (input: LocalDeployInput) => Partial<DeployInput>, reason: RegExp][] = [
      [
        "an officer of an unknown agency",
        ({ seats }) => ({ seats: [...seats, { agency: "KGB", signer: STRANGER }] }),
        /the agency KGB of 0x1212.* is not among FMA, KNB/,
      ],
      ["one key in two seats", ({ seats }) => ({ seats: [...seats, { ...seats[0]!, agency: "KNB" }] }), /seated twice/],
      [
        "a court of three keys",
        ({ seats }) => ({
          seats: seats.filter((seat, i) => seat.agency !== "COURT" || seats[i + 1]?.agency === "COURT"),
        }),
        /COURT seats 3 officers, the charter needs 4/,
      ],
      [
        "a rule that nobody can meet",
        ({ seats }) => ({ seats: seats.filter(({ agency }) => agency !== "NBK") }),
        /NBK seats 0 officers, rules\.Seize\[0\] needs 1/,
      ],
      [
        "a rule of an act that is not built",
        ({ parameters }) => ({
          parameters: { ...parameters, rules: { ...parameters.rules, SetAdapter: [unbuilt] } },
        }),
        /rules\.SetAdapter: the act is not built yet/,
      ],
      [
        "a deployer that could mint",
        ({ assets, deployer }) => ({ assets: [{ ...assets[0]!, issuer: deployer }] }),
        /the issuer of KZTE is the deployer/,
      ],
      [
        "a deployer that forfeitures would go to",
        ({ assets, deployer }) => ({ assets: [{ ...assets[0]!, treasury: deployer }] }),
        /the treasury of KZTE is the deployer/,
      ],
      [
        "a deployer with a seat",
        ({ seats, deployer }) => ({ seats: [...seats, { agency: "MOF", signer: deployer }] }),
        /an officer of MOF is the deployer/,
      ],
      ["an asset twice", ({ assets }) => ({ assets: [...assets, assets[0]!] }), /the asset KZTE is there twice/],
      [
        "an asset without an issuer",
        ({ assets }) => ({ assets: [{ ...assets[0]!, issuer: zeroAddress }] }),
        /KZTE has no issuer/,
      ],
      [
        "an asset without a treasury",
        ({ assets }) => ({ assets: [{ ...assets[0]!, treasury: zeroAddress }] }),
        /KZTE has no treasury/,
      ],
      [
        "a key that its verifier could not know",
        ({ seats }) => ({ seats: [...seats, { agency: "KNB", verifier: "P256", key: `0x04${"12".repeat(64)}` }] }),
        /P256:0x041212.* of KNB needs a key of 64 bytes/,
      ],
      [
        "a signer that is no address",
        ({ seats }) => ({ seats: [...seats, { agency: "KNB", kind: "contract", signer: `${STRANGER}12` }] }),
        /0x1212.* of KNB needs 20 bytes, an address/,
      ],
      [
        "rules that the contracts would refuse, with their file",
        ({ parameters }) => ({ parameters: { ...parameters, prosecutor: parameters.court } }),
        /deploy\/parameters\/kazakhstan\.json5: COURT is both court and prosecutor/,
      ],
      ["a charter on no document", () => ({ document: zeroHash }), /rests on no document/],
      ["a charter that has expired", () => ({ signBy: 1_000_000_000n }), /signBy is 1000000000, needs a second from/],
    ];
    for (const [what, change, reason] of refused) {
      it(what, async () => {
        const { client, cast, input } = await freshChain();
        const error = await refusal(deploy({ ...input, ...change(input) }), "DeploymentRefusedError", 64);
        expect(error.metaMessages.join("\n")).to.match(reason);
        expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(0);
      });
    }
  });

  describe("completes after an interruption", () => {
    const transactions = CONTRACTS + ASSETS.length + 1;
    for (const when of ["before", "after"] as const) {
      for (let n = 1; n <= transactions; ++n) {
        it(`${when} the chain got transaction ${n} of ${transactions}`, async () => {
          const dir = temporaryFolder();
          const { client, connection, input } = await freshChain();
          const signer = countingSigner(input);
          const cut = { ...input, connection: cutting(connection, n, when), sign: signer.sign, dir };
          await refusal(deploy(cut), "DeploymentFailedError", 1);
          expect(existsSync(path.join(dir, "deployment.json"))).to.equal(false);
          const kept = await readInstallation(dir);
          const deployed = await deployedIn(dir);

          const deployment = await deploy({ ...input, sign: signer.sign, dir });
          await verifyDeployment(client, deployment);
          expect(signer.asked).to.have.length(OFFICERS.length);
          const found = await deployedIn(dir);
          for (const [id, address] of deployed) expect(found.get(id), id).to.equal(address);
          if (n === transactions) {
            expect(kept?.signatures).to.have.length(OFFICERS.length);
            expect(await readInstallation(dir)).to.deep.equal(kept);
          }
          expect(await readQuorum(client, deployment).docket()).to.equal(deployment.addresses.docket);
          const codes = await Promise.all([...found.values()].map((address) => client.getCode({ address })));
          expect(codes.every((code) => code !== undefined)).to.equal(true);
        });
      }
    }

    it("of the signing, with the signatures that were given", async () => {
      const dir = temporaryFolder();
      const { client, input } = await freshChain();
      const signer = countingSigner(input);
      const leaving: DeployInput["sign"] = (admission, domain) => {
        if (signer.asked.length === 5) throw new SequesterError("The sixth officer went home.");
        return signer.sign(admission, domain);
      };
      await refusal(deploy({ ...input, sign: leaving, dir }), "SequesterError", 1);
      const kept = await readInstallation(dir);
      expect(kept?.signatures).to.have.length(5);

      const deployment = await deploy({ ...input, signBy: input.signBy + 1n, sign: signer.sign, dir });
      await verifyDeployment(client, deployment);
      expect(signer.asked).to.deep.equal(input.seats.map((seat) => seat.signer));
      const after = await readInstallation(dir);
      expect(after?.charter).to.deep.equal(kept?.charter);
      expect(after?.signatures.slice(0, 5)).to.deep.equal(kept?.signatures);
    });
  });

  describe("with a folder that an earlier run left", () => {
    /** Contracts and signatures, and nothing installed. */
    const interrupted = async (dir: string) => {
      const chain = await freshChain();
      const connection = cutting(chain.connection, CONTRACTS + ASSETS.length + 1, "before");
      await refusal(deploy({ ...chain.input, connection, dir }), "DeploymentFailedError", 1);
      return chain;
    };
    const never: DeployInput["sign"] = () => expect.fail("nobody is to be asked");

    it("refuses a kept charter of other contracts", async () => {
      const dir = temporaryFolder();
      const { client, input } = await interrupted(dir);
      const before = readFileSync(installationFile(dir), "utf8");
      for (const name of ["journal.jsonl", "deployed_addresses.json"]) rmSync(path.join(dir, name));
      const error = await refusal(deploy({ ...input, sign: never, dir }), "KeptCharterError", 64);
      expect(error.metaMessages).to.deep.equal([
        `who: ${installationFile(dir)}`,
        "differs in: verifiers, contracts, assets",
      ]);
      expect(readFileSync(installationFile(dir), "utf8")).to.equal(before);
      const quorum = (await deployedIn(dir)).get("Contracts#Quorum")!;
      const abi = abiOf("Quorum");
      expect(await client.readContract({ address: quorum, abi, functionName: "docket" })).to.equal(zeroAddress);
    });

    it("refuses other officers, rules, treasuries or another document than those that were signed", async () => {
      const dir = temporaryFolder();
      const { input } = await interrupted(dir);
      const { seats, parameters, assets } = input;
      const numbers = { ...parameters.numbers, freezesPerDay: 1 };
      const changes: [Partial<DeployInput>, part: string][] = [
        [{ seats: [...seats].reverse() }, "seats"],
        [
          { seats: [...seats, { ...seats[0]!, signer: STRANGER }] },
          `seats (${seats.length} signed, ${seats.length + 1} needed)`,
        ],
        [{ parameters: { ...parameters, numbers } }, "numbers"],
        [{ assets: assets.map((asset) => ({ ...asset, treasury: STRANGER })) }, "assets"],
        [{ document: keccak256(toBytes("another")) }, "document"],
      ];
      for (const [change, part] of changes) {
        const error = await refusal(deploy({ ...input, ...change, sign: never, dir }), "KeptCharterError", 64);
        expect(error.metaMessages).to.deep.equal([`who: ${installationFile(dir)}`, `differs in: ${part}`]);
      }
      await deploy({ ...input, sign: never, dir });
    });

    it("tells a treasury that changed before anybody signed as that", async () => {
      const dir = temporaryFolder();
      const { client, cast, input } = await freshChain();
      const absent: DeployInput["sign"] = () => Promise.reject(new SequesterError("Nobody is here."));
      await refusal(deploy({ ...input, sign: absent, dir }), "SequesterError", 1);
      const sent = await client.getTransactionCount({ address: cast.deployer.address });
      const assets = input.assets.map((asset, n) => (n === 1 ? { ...asset, treasury: STRANGER } : asset));
      const error = await refusal(deploy({ ...input, assets, sign: never, dir }), "ChangedPlanError", 64);
      expect(error.message).to.not.include("signed cannot");
      expect(error.metaMessages.slice(0, 2)).to.deep.equal([
        `who: ${installationFile(dir)}`,
        `treasury of USDC.e: has ${cast.treasury.address}, needs ${STRANGER}`,
      ]);
      expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(sent);
      await verifyDeployment(client, await deploy({ ...input, dir }));
    });

    it("refuses other assets than those that are deployed, and sends nothing", async () => {
      const dir = temporaryFolder();
      const { client, cast, input } = await interrupted(dir);
      const sent = await client.getTransactionCount({ address: cast.deployer.address });
      const { assets } = input;
      const more = [...assets, { ...assets[0]!, symbol: "MORE" }];
      const many = await refusal(deploy({ ...input, assets: more, sign: never, dir }), "KeptCharterError", 64);
      expect(many.metaMessages[1]).to.equal(`differs in: assets (${assets.length} signed, ${more.length} needed)`);
      const renamed = assets.map((asset, n) => (n === 0 ? { ...asset, symbol: "OTHER" } : asset));
      const other = await refusal(deploy({ ...input, assets: renamed, sign: never, dir }), "KeptContractsError", 64);
      expect(other.metaMessages).to.deep.equal([`who: ${dir}`, "differs in: Contracts#Asset1"]);
      expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(sent);
    });

    it("refuses a charter that expired meanwhile", async () => {
      const dir = temporaryFolder();
      const { client, connection, cast, input } = await interrupted(dir);
      const sent = await client.getTransactionCount({ address: cast.deployer.address });
      await connection.provider.request({ method: "evm_increaseTime", params: [86_500] });
      await connection.provider.request({ method: "evm_mine" });
      const later = { ...input, signBy: input.signBy + 86_400n };
      const error = await refusal(deploy({ ...later, sign: never, dir }), "KeptCharterError", 64);
      expect(error.message).to.include(`signBy ${input.signBy} has passed`).and.include("empty folder");
      expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(sent);
    });

    it("refuses the folder of another chain", async () => {
      const dir = temporaryFolder();
      await interrupted(dir);
      const { connection, input } = await freshChain();
      const kept = JSON.parse(readFileSync(installationFile(dir), "utf8")) as { genesis: string; chainId: number };
      writeFileSync(installationFile(dir), JSON.stringify({ ...kept, genesis: `0x${"ab".repeat(32)}` }));
      await refusal(deploy({ ...input, sign: never, dir }), "OtherChainError", 64);
      // A node that was started in the same second begins with the same block, but has no contracts.
      writeFileSync(installationFile(dir), JSON.stringify(kept));
      const error = await refusal(deploy({ ...input, sign: never, dir }), "OtherChainError", 64);
      expect(error.message).to.include("contracts without code here: quorum, docket");
      expect(await connection.provider.request({ method: "eth_blockNumber" })).to.equal("0x0");
    });

    it("refuses an installation that is no such file", async () => {
      const dir = temporaryFolder();
      const { input } = await interrupted(dir);
      const kept = JSON.parse(readFileSync(installationFile(dir), "utf8")) as { charter: { seats: unknown[] } };
      (kept.charter.seats[0] as { signer: string }).signer = "0x12";
      writeFileSync(installationFile(dir), JSON.stringify(kept));
      const error = await refusal(deploy({ ...input, sign: never, dir }), "InvalidFileError", 64);
      expect(error.metaMessages).to.have.length(1);
      expect(error.metaMessages[0]).to.match(/^charter\.seats\[0\]\.signer: needs an address/);
    });
  });

  it("refuses a signature that its seat has not made, and keeps those before it", async () => {
    const dir = temporaryFolder();
    const { client, cast, input } = await freshChain();
    const forging: DeployInput["sign"] = (admission, domain) =>
      admission.message.signer === input.seats[3]!.signer
        ? input.sign({ ...admission, message: { ...admission.message, signer: input.seats[4]!.signer } }, domain)
        : input.sign(admission, domain);
    const error = await refusal(deploy({ ...input, sign: forging, dir }), "WrongSignerError", 3);
    expect(error.message.toLowerCase()).to.include(input.seats[3]!.signer.toLowerCase());
    expect((await readInstallation(dir))?.signatures).to.have.length(3);
    expect(await client.getTransactionCount({ address: cast.deployer.address })).to.equal(CONTRACTS + ASSETS.length);
    await verifyDeployment(client, await deploy({ ...input, dir }));
  });

  it("the second module refuses a wrong signature", async () => {
    const dir = temporaryFolder();
    const { client, connection, cast, input } = await freshChain();
    const { assets, seats, parameters, document, signBy } = input;
    const { provider } = connection;
    const site: Site = { folder: dir, provider, client, deployer: cast.deployer.address, since: 0 };
    const issuers = { Contracts: { issuer1: assets[0]!.issuer, issuer2: assets[1]!.issuer } };
    await runModule(site, contractsModule(assets), issuers);
    const deployed = await deployedIn(dir);
    const at = (id: string) => deployed.get(`Contracts#${id}`)!;
    const charter = buildCharter({
      parameters,
      seats,
      document,
      signBy,
      contracts: {
        docket: at("Docket"),
        disposal: at("Disposal"),
        register: at("LicenceRegister"),
        vault: at("CaseVault"),
      },
      assets: assets.map(({ treasury }, n) => ({ asset: at(`Asset${n + 1}`), treasury })),
      verifiers: [],
    });
    const signatures = seats.map(() => `0x${"11".repeat(64)}1b`);
    const wrong = { ...issuers, Charter: { charter, signatures } } as unknown as DeploymentParameters;
    const error = await refusal(runModule(site, charterModule(assets), wrong), "DeploymentFailedError", 1);
    expect(error.message).to.include("Charter").and.include("QuorumInvalidSignature");
    const quorum = { address: at("Quorum"), abi: abiOf("Quorum"), functionName: "docket" } as const;
    expect(await client.readContract(quorum)).to.equal(zeroAddress);
  });
});
