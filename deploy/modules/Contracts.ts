import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { VERIFIERS } from "../../src/chain/artifacts.ts";

/** A sovereign stablecoin as it is deployed. Its issuer is the module's parameter `issuer1` (of the first), `issuer2`, … */
export interface AssetModule {
  symbol: string;
  name: string;
  decimals: number;
}

/** Name of the parameter that holds the issuer of the n-th asset, from 0 on. */
export const issuerParameter = (n: number): string => `issuer${n + 1}`;

/** Id of the n-th asset among the module's contracts, from 0 on. Symbols may hold what an id must not. */
export const assetId = (n: number): string => `Asset${n + 1}`;

/** The contracts of a deployment, bound to each other and not yet installed, and the verifiers that the charter names. */
export const contractsModule = (assets: readonly AssetModule[]) =>
  buildModule("Contracts", (m) => {
    const quorum = m.contract("Quorum");
    const docket = m.contract("Docket", [quorum]);
    const vault = m.contractAt("CaseVault", m.staticCall(docket, "VAULT"));
    const register = m.contract("LicenceRegister", [quorum, docket]);
    const disposal = m.contract("Disposal", [quorum, docket, register]);
    m.contract("Lens", [quorum, docket, disposal, register]);
    for (const verifier of Object.values(VERIFIERS)) m.contract(verifier);
    assets.forEach(({ symbol, name, decimals }, n) => {
      m.contract("Tenge", [docket, m.getParameter(issuerParameter(n)), name, symbol, decimals], { id: assetId(n) });
    });
    return { quorum, docket, disposal, register, vault };
  });

/** The asset that `hardhat ignition deploy` puts beside the contracts. */
export const TENGE: AssetModule = { symbol: "KZTE", name: "Tenge", decimals: 6 };

export default contractsModule([TENGE]);
