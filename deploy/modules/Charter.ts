import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { contractsModule, TENGE, type AssetModule } from "./Contracts.ts";

/**
 * Installs the charter. It names the addresses of the contracts, and the first officers sign it: therefore `charter` and
 * `signatures` (one per seat, in order) are parameters of a second module.
 */
export const charterModule = (assets: readonly AssetModule[]) => {
  const contracts = contractsModule(assets);
  return buildModule("Charter", (m) => {
    const results = m.useModule(contracts);
    m.call(results.quorum, "install", [m.getParameter("charter"), m.getParameter("signatures")], {
      after: [contracts],
    });
    return results;
  });
};

export default charterModule([TENGE]);
