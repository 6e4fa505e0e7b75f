import type { Server } from "node:http";
import { expect } from "chai";
import { charterHash } from "../../../src/deployment/charter.ts";
import { OFFICER_KINDS } from "../../../src/orders/index.ts";
import { networkHelpers, now } from "../../system/chain.ts";
import { officer, officerIdOf } from "../../system/officers.ts";
import { DAY } from "../../system/parameters.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

describe("audit charter", () => {
  let system: History;
  let server: Server;
  let url: string;
  let file: (name: string) => string;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(deployHistory);
    ({ server, url } = await serve());
    file = await furnish(temporaryFolder(), system.deployment);
  });
  afterEach(() => server.close());
  after(removeTemporaryFolders);

  const charter = (...more: string[]) =>
    sequester(["audit", "charter", "--rpc", url, "--deployment", file("deployment.json"), ...more]);

  it("tells who can sign, who decides what together and alone, and that nothing changed", async () => {
    const told = await charter("--parameters", "kazakhstan");
    expect(told.code, told.stderr).to.equal(0);
    const recovered = system.charter.seats.filter(({ kind }) => kind === OFFICER_KINDS.key).length;
    expect(told.stdout.split("\n")[0]).to.equal(
      `Charter ${charterHash(system.charter)}, recovered of ${recovered} signatures of keys`,
    );
    expect(told.stdout.split("\n")[1]).to.match(
      /^Charter installed .* on the document 0x[0-9a-f]{64}, signed by \d+ officers$/,
    );
    expect(told.stdout).to.include(officer("FMA-1").address);
    expect(told.stdout).to.include("  Freeze: FMA 2 + GPO 1, at once, for at most 10d\n");
    expect(told.stdout).to.include("  Freeze, or: FMA 1 + KNB 1 + GPO 1, at once, for at most 10d\n");
    expect(told.stdout).to.match(/What one agency decides alone\n(?: {2}.*\n)*? {2}COURT: .*Stay/);
    expect(told.stdout).to.include("No change since the charter.");
    expect(told.stderr).to.equal("Agencies and rules are those of the parameters kazakhstan.\n");
  });

  it("tells a dismissal with its day, its agencies and its document, and who could sign before it", async () => {
    const before = await now();
    await networkHelpers.time.increase(DAY);
    const id = officerIdOf("FMA-2");
    const dismissal = await system.dismiss(id, ["COURT-1", "GPO-1"]);
    await (await dismissal.send()).wait();
    const told = await charter();
    expect(told.stdout).not.to.include(`${officer("FMA-2").address}  ${id}`);
    expect(told.stdout).to.match(
      / entry \d+, Dismiss: officer dismissed, by (?:GPO \+ COURT|COURT \+ GPO), on the document 0x/,
    );
    const earlier = await charter("--at", new Date(Number(before) * 1000).toISOString());
    expect(earlier.stdout)
      .to.include(`${officer("FMA-2").address}  ${id}`)
      .and.include("No change since the charter.");
    expect((await charter("--at", "2001-01-01T00:00:00Z")).code).to.equal(64);
    expect(await charter("--at", "yesterday")).to.include({ code: 64, stdout: "" });
  });

  it("names what differs from the parameters that were published, with exit code 3", async () => {
    const told = await charter("--parameters", "exemplum");
    expect(told.code).to.equal(3);
    expect(told.stderr).to.include("agencies: has FMA").and.include("Freeze: has ");
  });

  it("prints data that has every officer, rule and change", async () => {
    const { stdout } = await charter("--json");
    const data = JSON.parse(stdout) as {
      schema: string;
      powers: { officers: object; rules: Record<string, object[]> };
    };
    expect(data.schema).to.equal("sequester.audit.charter/1");
    expect(Object.keys(data.powers.officers)).to.have.length.above(20);
    expect(data.powers.rules["1"]).to.have.length(2);
  });
});
