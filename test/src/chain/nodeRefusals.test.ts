import { expect } from "chai";
import { kindOfRefusal, suggestedEnd, type RefusalKind } from "../../../src/chain/nodeRefusals.ts";

/** As nodes and services word them. */
const SAID: Readonly<Record<RefusalKind, readonly string[]>> = {
  size: [
    "query returned more than 10000 results. Try with this block range [0xBDE5F8, 0x102DBCC].",
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x0, 0xd043b8]",
    "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x123c9b2, 0x123cba5]",
    "Query timeout exceeded. Consider reducing your block range. Based on your parameters and the response size limit, this block range should work: [0x42b950f, 0x435784f]",
    "query exceeds max results 20000, retry with the range 24383075-24383096",
    "query exceeds max block range 100000",
    "exceed maximum block range: 50000",
    "eth_getLogs is limited to a 10,000 range",
    "eth_getLogs is limited to a 1000 blocks range",
    "ranges over 10000 blocks are not supported on freetier",
    "block range too large (2000), maximum allowed is 1000 blocks",
    "Block range too large; currently limited to 100 blocks",
    "Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: 800",
    "maximum [from, to] blocks distance: 10000",
    "requested range too large",
    "range 49999 exceeds limit of 10000",
    "block range is too wide",
    "logs matched by query exceeds limit of 10000",
    "log query timed out",
    "response size should not greater than 10485760 bytes",
    "Request Entity Too Large",
  ],
  rate: [
    "Your app has exceeded its compute units per second capacity.",
    "daily request count exceeded, request rate limited",
    "Too Many Requests",
    "rate limit exceeded",
    "429 Too Many Requests: block range queries are throttled",
    "You have exceeded 100 requests per second",
  ],
  lagging: ["unknown block", "header not found", "block not found: 0x12"],
  state: [
    "missing trie node 1fd9 (path ) state 0x1fd9 is not available, not found",
    "required historical state unavailable (reexec=128)",
    "state at block #1 is pruned",
    "Archive requests require a personal token.",
  ],
  other: [
    "execution reverted",
    "invalid argument 0: hex string has length 3, want 40",
    "the method eth_x does not exist",
    "",
  ],
};

describe("kindOfRefusal", () => {
  for (const [kind, messages] of Object.entries(SAID)) {
    it(`knows what is about ${kind} by its words`, () => {
      for (const message of messages) expect(kindOfRefusal(message), message).to.equal(kind);
    });
  }

  it("knows rate and size by the status of HTTP", () => {
    expect(kindOfRefusal("", { status: 429 })).to.equal("rate");
    expect(kindOfRefusal("", { status: 413 })).to.equal("size");
    expect(kindOfRefusal("", { status: 500 })).to.equal("other");
  });
});

describe("suggestedEnd", () => {
  it("reads the range of a size error, in either way to write numbers", () => {
    expect(suggestedEnd("this block range should work: [0x10, 0x2f]", 0x10, 0x100)).to.equal(0x2f);
    expect(suggestedEnd("max results 20000, retry with the range 100-250", 100, 900)).to.equal(250);
    expect(suggestedEnd("retry with the range 100-100", 100, 900)).to.equal(100);
  });

  it("takes no suggestion that would leave blocks out, be as long as before, or be none", () => {
    expect(suggestedEnd("retry with the range 100-250", 100, 250)).to.equal(undefined);
    expect(suggestedEnd("retry with the range 100-251", 100, 250)).to.equal(undefined);
    expect(suggestedEnd("retry with the range 150-200", 100, 250)).to.equal(undefined);
    expect(suggestedEnd("retry with the range 100-99", 100, 250)).to.equal(undefined);
    expect(suggestedEnd("query exceeds max block range 100000", 100, 250)).to.equal(undefined);
    expect(suggestedEnd("range too large", 100, 250)).to.equal(undefined);
  });
});
