// Long: deploys to a node of another make, beside a Safe and an asset that are there already.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { getAddress, parseAbi, parseEther, parseUnits, type Address } from "viem";
import { abiOf } from "../../src/chain/artifacts.ts";
import { readDeployment } from "../../src/chain/deployments.ts";
import { sequester, type Said } from "../src/cli/inProcess.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { startAnvil } from "./anvil.ts";
import { CHAIN, Founders, newKeystore, ok, other } from "./founders.ts";
import { issuedToken } from "./issuedToken.ts";
import { deploySafe, SAFE } from "./safe.ts";

const HOLDER = other("a1");
const UNITS = (amount: string) => parseUnits(amount, 6);
const TOKEN = parseAbi(["function held(address) view returns (uint256)", "function DOCKET() view returns (address)"]);

interface Waiting {
  state: string;
  waits: string[];
}

describe("a deployment beside a Safe and an asset that are there already", () => {
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let founders: Founders;
  let issuer: Address;
  let token: Address;
  let safe: Address;
  let owners: { file: string; address: Address }[];
  let folder: string;
  const { abi, bytecode } = issuedToken();

  const byIssuer = async (functionName: string, args: readonly unknown[]) => {
    const sent = { account: issuer, chain: null, address: token, abi, functionName, args };
    const receipt = await anvil.client.waitForTransactionReceipt({ hash: await anvil.client.writeContract(sent) });
    expect(receipt.status).to.equal("success");
  };
  /** What the Safe's owners would have it do, without them. */
  const bySafe = async (functionName: string, args: readonly unknown[]) => {
    await anvil.client.impersonateAccount({ address: safe });
    await anvil.client.setBalance({ address: safe, value: parseEther("1") });
    const sent = { account: safe, chain: null, address: safe, abi: SAFE, functionName, args };
    const receipt = await anvil.client.waitForTransactionReceipt({ hash: await anvil.client.writeContract(sent) });
    expect(receipt.status).to.equal("success");
  };
  const run = (...more: string[]) => founders.run(founders.at("plan.json"), anvil.url, folder, ...more);
  const waits = (said: Said) => (JSON.parse(ok(said).stdout) as Waiting).waits;
  const sent = () => anvil.client.getTransactionCount({ address: founders.sender.address });

  before(async () => {
    anvil = await startAnvil(CHAIN);
    // Somebody else than the deployer, who was there before.
    issuer = (await anvil.client.getAddresses())[1]!;
    const hash = await anvil.client.deployContract({ account: issuer, chain: null, abi, bytecode });
    token = getAddress((await anvil.client.waitForTransactionReceipt({ hash })).contractAddress!);
    const keys = temporaryFolder();
    owners = await Promise.all([0, 1, 2].map((i) => newKeystore(path.join(keys, `owner-${i}.json`))));
    safe = await deploySafe(
      anvil.client,
      owners.map(({ address }) => address),
      2,
    );
    const signing = owners.slice(0, 2).map(({ file }) => ["--keystore", file, "--safe", safe]);
    founders = await Founders.gather({ kind: "contract", signer: safe, keys: signing });
    await anvil.client.setBalance({ address: founders.sender.address, value: parseEther("10") });
    folder = path.join(founders.dir, "deployment");
  });
  after(async () => {
    await anvil.stop();
    removeTemporaryFolders();
  });

  it("waits for the Safe's second owner and for the issuer, and is then what the plan says", async () => {
    expect(founders.officers[1]).to.include({ agency: "FMA", kind: "contract", signer: safe });
    const asset = ["--asset", `ISSD,6,address=${token}`];
    ok(await founders.plan(founders.at("plan.json"), founders.at("seats.csv"), ...asset));
    const charter = path.join(folder, "charter.json");
    const needs = (docket: string) => `asset ISSD at ${token}: needs the docket ${docket}, has 0x${"00".repeat(20)}`;

    const first = waits(await run());
    const { addresses } = JSON.parse(readFileSync(charter, "utf8")) as { addresses: { docket: Address } };
    expect(first).to.have.length(founders.officers.length + 1);
    expect(first[0]).to.equal(needs(addresses.docket));
    expect(first[2]).to.equal(`the signature of FMA, contract, ${safe}`);

    const planned = readFileSync(founders.at("plan.json"), "utf8");
    const asPlanned = '"symbol": "ISSD",\n      "decimals": 6';
    const wrong = planned.replace(asPlanned, '"symbol": "OTHR",\n      "decimals": 2');
    expect(wrong).to.not.equal(planned);
    writeFileSync(founders.at("wrong.json"), wrong);
    const told = waits(await founders.run(founders.at("wrong.json"), anvil.url, folder));
    expect(told.slice(1, 3)).to.deep.equal([
      `asset OTHR at ${token}: needs this symbol, has ISSD`,
      `asset OTHR at ${token}: needs 2 decimals, has 6`,
    ]);
    ok(await run());

    // One owner alone, twice, and one who owns nothing.
    const ofSafe = founders.officers[1]!.keys;
    const proof = ["--plan", founders.at("plan.json"), "--rpc", anvil.url];
    const shown = ok(await founders.sign(charter, ofSafe[0]!, ...proof));
    expect(shown.stderr).to.include(`asset ISSD: ${token}`).and.include(`Signed for the seat of ${safe}`);
    ok(await founders.sign(charter, ofSafe[0]!, "-o", path.join(folder, "again.sig.json")));
    const { file: stranger } = await newKeystore(founders.at("stranger.json"));
    ok(await founders.sign(charter, ["--keystore", stranger, "--safe", safe]));
    const half = await run();
    expect(waits(half)).to.include(
      `the signature of FMA, contract, ${safe} (1 of 2 owners of the Safe ${safe} signed)`,
    );
    expect(half.stderr).to.include("by nobody who owns the Safe");
    ok(await founders.sign(charter, ofSafe[1]!));
    expect(waits(await run())).to.have.length(founders.officers.length);
    for (const { keys } of founders.officers.filter(({ kind }) => kind !== "contract"))
      ok(await founders.sign(charter, keys[0]!));

    // Everybody has signed; but the Safe has other owners by now, of whom the last signs in the place of the one who left.
    await bySafe("removeOwner", [owners[0]!.address, owners[1]!.address, 2n]);
    expect(waits(await run()).slice(1)).to.deep.equal([
      `the signature of FMA, contract, ${safe} (1 of 2 owners of the Safe ${safe} signed)`,
    ]);
    ok(await founders.sign(charter, ["--keystore", owners[2]!.file, "--safe", safe]));

    // Everybody has signed; the issuer has the last word, and its wrong one counts for nothing.
    const before = await sent();
    await byIssuer("obey", [other("d0")]);
    expect(waits(await run())).to.deep.equal([
      `asset ISSD at ${token}: needs the docket ${addresses.docket}, has ${other("d0")}`,
    ]);
    expect(await sent()).to.equal(before);
    await byIssuer("obey", [addresses.docket]);
    const done = JSON.parse(ok(await run()).stdout) as { state: string; deployment: string };
    expect(done.state).to.equal("installed");
    expect(await sent()).to.equal(before + 1);

    const verified = ok(
      await sequester([
        "deploy",
        "verify",
        founders.at("plan.json"),
        "--rpc",
        anvil.url,
        "--deployment",
        done.deployment,
      ]),
    );
    expect(verified.stdout.match(/^ok /gm)).to.have.length(4);
    const deployment = await readDeployment(done.deployment);
    expect(deployment.addresses.assets["ISSD"]).to.equal(token);
    expect(deployment.decimals).to.deep.equal({ KZTE: 6, ISSD: 6 });
  });

  it("then executes an order on that asset, which the Safe and the P-256 key decide with a prosecutor", async () => {
    const file = path.join(folder, "deployment.json");
    const { addresses } = await readDeployment(file);
    await byIssuer("grantRole", [
      await anvil.client.readContract({ address: token, abi, functionName: "MINTER" }),
      issuer,
    ]);
    await byIssuer("mint", [HOLDER, UNITS("100")]);
    const at = ["--deployment", file];
    const desk = temporaryFolder();
    const order = path.join(desk, "freeze.order.json");
    writeFileSync(path.join(desk, "ruling.md"), "# A ruling\n");
    const what = ["--case", "A-1", "--term", "10d", "--target", `${HOLDER}=40 ISSD`, "--valid", "2d", "-o", order];
    ok(await sequester(["order", "new", "freeze", ...what, "--ruling", path.join(desk, "ruling.md"), ...at]));

    const prosecutor = founders.officers.find(({ agency }) => agency === "GPO")!;
    const ofSafe = [owners[0]!, owners[2]!].map(({ file }) => ["--keystore", file, "--safe", safe]);
    const signed = async (key: readonly string[]) =>
      ok(await sequester(["order", "sign", order, ...key, ...founders.password(), "--yes", "--rpc", anvil.url, ...at]));
    const { file: relayer, address } = await newKeystore(founders.at("relayer.json"));
    await anvil.client.setBalance({ address, value: parseEther("1") });
    const execute = () => {
      const by = ["--rpc", anvil.url, ...at, "--keystore", relayer, ...founders.password(), "--yes"];
      return sequester(["order", "execute", desk, ...by]);
    };
    const all = [...founders.officers[0]!.keys, ...ofSafe, ...prosecutor.keys];
    for (const key of all.slice(0, -1)) await signed(key);
    const early = await execute();
    expect(early.code, early.stdout).to.not.equal(0);
    expect(
      await anvil.client.readContract({ address: token, abi: TOKEN, functionName: "held", args: [HOLDER] }),
    ).to.equal(0n);
    expect((await signed(all.at(-1)!)).stderr).to.include("an officer of GPO");
    expect(ok(await execute()).stdout).to.match(/^entry 2: Freeze/);

    const held = await anvil.client.readContract({ address: token, abi: TOKEN, functionName: "held", args: [HOLDER] });
    expect(held).to.equal(UNITS("40"));
    const inDocket = await anvil.client.readContract({
      address: addresses.docket,
      abi: abiOf("Docket"),
      functionName: "heldOf",
      args: [token, HOLDER],
    });
    expect(inDocket[0]).to.equal(UNITS("40"));
  });
});
