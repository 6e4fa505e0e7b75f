import { expect } from "chai";
import { returnedBy } from "../../../src/chain/refusals.ts";

describe("returnedBy", () => {
  it("finds what a call returned, wherever a node or a client puts it", () => {
    for (const fault of [{ data: "0x01" }, { data: { data: "0x01" } }, { cause: { cause: { data: "0x01" } } }]) {
      expect(returnedBy(fault)).to.equal("0x01");
    }
  });

  it("finds nothing in an answer of a node whose data is null, and does not break on it", () => {
    expect(returnedBy({ message: "Sender doesn't have enough funds", data: null })).to.equal(undefined);
    expect(returnedBy({ data: null, cause: { data: "0x01" } })).to.equal("0x01");
  });
});
