import { expect } from "chai";
import { MaxUint256, Signature, ZeroAddress, concat, hexlify, randomBytes, type Wallet } from "ethers";
import type { Tenge } from "../../types/ethers-contracts/contracts/Tenge.ts";
import { actingAs, at, ethers, goTo, loadFixture, networkHelpers, newAddress, now } from "../system/chain.ts";
import { deploySystem, holderOf } from "../system/deployed.ts";
import { MAX_AMOUNT, target } from "../system/entries.ts";
import { UNIT } from "../system/money.ts";
import { officer } from "../system/officers.ts";
import { DAY } from "../system/parameters.ts";

const NO_END = 2n ** 40n - 1n;

/** A token whose docket the tests play, and an account with a key of its own. */
async function deployToken() {
  const [deployer, issuer, stranger, bob] = await ethers.getSigners();
  const docket = await ethers.deployContract("AnsweringDocket");
  const token = await ethers.deployContract("Tenge", [docket, issuer, "Tenge", "KZTE", 6]);
  const asDocket = token.connect(await actingAs(docket));
  const alice = officer("MOF-1").connect(ethers.provider);
  await networkHelpers.setBalance(alice.address, 10n ** 20n);
  await token.connect(issuer).mint(alice, 100n);
  return {
    deployer: deployer!,
    issuer: issuer!,
    stranger: stranger!,
    bob: bob!,
    alice,
    docket,
    token,
    asDocket,
    tokenDomain: await domainOf(token),
  };
}

async function domainOf(token: Tenge) {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  return { name, version, chainId, verifyingContract };
}

type Domain = Awaited<ReturnType<typeof domainOf>>;

const authorization = [
  ["from", "address"],
  ["to", "address"],
  ["value", "uint256"],
  ["validAfter", "uint256"],
  ["validBefore", "uint256"],
  ["nonce", "bytes32"],
].map(([name, type]) => ({ name: name!, type: type! }));

const FIELDS = "address,address,uint256,uint256,uint256,bytes32";

/** The functions of ERC-3009, whose signatures are a key's. */
const BY_KEY = {
  transfer: `transferWithAuthorization(${FIELDS},uint8,bytes32,bytes32)`,
  receive: `receiveWithAuthorization(${FIELDS},uint8,bytes32,bytes32)`,
  cancel: "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
} as const;

/** The same in ERC-7598, whose signatures are of any form. */
const BY_ANY = {
  transfer: `transferWithAuthorization(${FIELDS},bytes)`,
  receive: `receiveWithAuthorization(${FIELDS},bytes)`,
  cancel: "cancelAuthorization(address,bytes32,bytes)",
} as const;

const CANCEL = {
  CancelAuthorization: [
    { name: "authorizer", type: "address" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** Arguments of transferWithAuthorization or receiveWithAuthorization, signed by the holder. */
async function authorize(
  type: "TransferWithAuthorization" | "ReceiveWithAuthorization",
  domain: Domain,
  from: Wallet,
  to: string,
  value: bigint,
  { validAfter = 0n, validBefore = NO_END } = {},
) {
  const nonce = hexlify(randomBytes(32));
  const message = { from: from.address, to, value, validAfter, validBefore, nonce };
  const { v, r, s } = Signature.from(await from.signTypedData(domain, { [type]: authorization }, message));
  return [from.address, to, value, validAfter, validBefore, nonce, v, r, s] as const;
}

/** The same for a signature of any form, of an account for which a key signs. */
async function authorizeAny(
  type: "TransferWithAuthorization" | "ReceiveWithAuthorization",
  domain: Domain,
  from: string,
  key: Wallet,
  to: string,
  value: bigint,
) {
  const message = { from, to, value, validAfter: 0n, validBefore: NO_END, nonce: hexlify(randomBytes(32)) };
  const signature = await key.signTypedData(domain, { [type]: authorization }, message);
  return [from, to, value, 0n, NO_END, message.nonce, signature] as const;
}

/** Arguments of permit, signed by the holder. */
async function allow(token: Tenge, domain: Domain, owner: Wallet, spender: string, value: bigint, deadline = NO_END) {
  const types = {
    Permit: ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"].map((field) => {
      const [name, type] = field.split(":");
      return { name: name!, type: type! };
    }),
  };
  const message = { owner: owner.address, spender, value, nonce: await token.nonces(owner), deadline };
  const { v, r, s } = Signature.from(await owner.signTypedData(domain, types, message));
  return [owner.address, spender, value, deadline, v, r, s] as const;
}

describe("Tenge", () => {
  describe("what it is", () => {
    it("says its name, symbol, decimals, docket, issuer and largest supply", async () => {
      const { token, docket, issuer } = await loadFixture(deployToken);
      expect(await token.name()).to.equal("Tenge");
      expect(await token.symbol()).to.equal("KZTE");
      expect(await token.decimals()).to.equal(6);
      expect(await token.DOCKET()).to.equal(await docket.getAddress());
      expect(await token.ISSUER()).to.equal(issuer.address);
      expect(await token.MAX_SUPPLY()).to.equal(MAX_AMOUNT);
    });

    it("takes any number of decimals", async () => {
      const { docket, issuer } = await loadFixture(deployToken);
      const token = await ethers.deployContract("Tenge", [docket, issuer, "Tiyn", "TIYN", 2]);
      expect(await token.decimals()).to.equal(2);
    });

    it("supports the interfaces of ERC-7943 (0x3edbb4c4) and ERC-165, and claims no other", async () => {
      const { token } = await loadFixture(deployToken);
      expect(await token.supportsInterface("0x3edbb4c4")).to.equal(true);
      expect(await token.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await token.supportsInterface("0xffffffff")).to.equal(false);
      expect(await token.supportsInterface("0x36372b07")).to.equal(false);
    });

    it("refuses to be deployed without an issuer", async () => {
      const { docket, token } = await loadFixture(deployToken);
      await expect(ethers.deployContract("Tenge", [docket, ZeroAddress, "Tenge", "KZTE", 6]))
        .to.be.revertedWithCustomError(token, "TengeInvalidIssuer")
        .withArgs(ZeroAddress);
    });

    it("refuses its deployer as issuer, so that the deployer keeps no right", async () => {
      const { docket, token, deployer } = await loadFixture(deployToken);
      await expect(ethers.deployContract("Tenge", [docket, deployer, "Tenge", "KZTE", 6]))
        .to.be.revertedWithCustomError(token, "TengeInvalidIssuer")
        .withArgs(deployer.address);
    });
  });

  describe("supply", () => {
    it("grows by what the issuer mints", async () => {
      const { token, issuer, bob } = await loadFixture(deployToken);
      await expect(token.connect(issuer).mint(bob, 7n))
        .to.emit(token, "Transfer")
        .withArgs(ZeroAddress, bob.address, 7n);
      expect(await token.balanceOf(bob)).to.equal(7n);
      expect(await token.totalSupply()).to.equal(107n);
    });

    it("is minted by the issuer alone, not by the deployer, a holder or the docket", async () => {
      const { token, issuer, deployer, alice, docket } = await loadFixture(deployToken);
      for (const caller of [deployer, alice, await actingAs(docket)]) {
        await expect(token.connect(caller).mint(caller, 1n))
          .to.be.revertedWithCustomError(token, "TengeOnlyIssuer")
          .withArgs(caller.address, issuer.address);
      }
    });

    it("is not minted to address 0", async () => {
      const { token, issuer } = await loadFixture(deployToken);
      await expect(token.connect(issuer).mint(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });

    it("reaches 2^96-1 and not one unit more", async () => {
      const { token, issuer, bob } = await loadFixture(deployToken);
      await token.connect(issuer).mint(bob, MAX_AMOUNT - 100n);
      expect(await token.totalSupply()).to.equal(MAX_AMOUNT);
      await expect(token.connect(issuer).mint(bob, 1n))
        .to.be.revertedWithCustomError(token, "TengeSupplyTooLarge")
        .withArgs(MAX_AMOUNT + 1n, MAX_AMOUNT);
    });

    it("names the error for an amount so large that the supply would overflow its word", async () => {
      const { token, issuer, bob } = await loadFixture(deployToken);
      await expect(token.connect(issuer).mint(bob, MaxUint256)).to.be.revertedWithCustomError(
        token,
        "TengeSupplyTooLarge",
      );
    });

    it("shrinks by what is burnt, which makes room to mint", async () => {
      const { token, issuer, alice, bob } = await loadFixture(deployToken);
      await token.connect(issuer).mint(bob, MAX_AMOUNT - 100n);
      await expect(token.connect(alice).burn(40n)).to.emit(token, "Transfer").withArgs(alice.address, ZeroAddress, 40n);
      expect(await token.totalSupply()).to.equal(MAX_AMOUNT - 40n);
      await token.connect(issuer).mint(bob, 40n);
      expect(await token.balanceOf(bob)).to.equal(MAX_AMOUNT - 60n);
    });
  });

  describe("as ERC-20", () => {
    it("moves what is transferred and says so", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      expect(await token.connect(alice).transfer.staticCall(bob, 30n)).to.equal(true);
      await expect(token.connect(alice).transfer(bob, 30n))
        .to.emit(token, "Transfer")
        .withArgs(alice.address, bob.address, 30n);
      expect(await token.balanceOf(alice)).to.equal(70n);
      expect(await token.balanceOf(bob)).to.equal(30n);
    });

    it("moves nothing above the balance", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await expect(token.connect(alice).transfer(bob, 101n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(alice.address, 100n, 101n);
    });

    it("names the error for an amount above every balance, also one that 96 bits would truncate", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      for (const amount of [2n ** 96n, 2n ** 96n + 1n, MaxUint256]) {
        await expect(token.connect(alice).transfer(bob, amount))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(alice.address, 100n, amount);
      }
    });

    it("moves nothing to address 0, by transfer or transferFrom", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await token.connect(alice).approve(bob, 5n);
      for (const attempt of [
        () => token.connect(alice).transfer(ZeroAddress, 1n),
        () => token.connect(bob).transferFrom(alice, ZeroAddress, 1n),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(token, "ERC20InvalidReceiver").withArgs(ZeroAddress);
      }
    });

    it("lets a spender move up to the allowance, which shrinks", async () => {
      const { token, alice, bob, stranger } = await loadFixture(deployToken);
      await expect(token.connect(alice).approve(bob, 50n))
        .to.emit(token, "Approval")
        .withArgs(alice.address, bob.address, 50n);
      await token.connect(bob).transferFrom(alice, stranger, 30n);
      expect(await token.allowance(alice, bob)).to.equal(20n);
      await expect(token.connect(bob).transferFrom(alice, stranger, 21n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(bob.address, 20n, 21n);
    });

    it("keeps an infinite allowance infinite", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await token.connect(alice).approve(bob, MaxUint256);
      await token.connect(bob).transferFrom(alice, bob, 30n);
      expect(await token.allowance(alice, bob)).to.equal(MaxUint256);
    });

    it("leaves the balance as it is in a transfer to oneself", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await expect(token.connect(alice).transfer(alice, 100n))
        .to.emit(token, "Transfer")
        .withArgs(alice.address, alice.address, 100n);
      expect(await token.balanceOf(alice)).to.equal(100n);
    });

    it("treats a transfer of 0 as a transfer, also from an empty account", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await expect(token.connect(bob).transfer(alice, 0n))
        .to.emit(token, "Transfer")
        .withArgs(bob.address, alice.address, 0n);
    });

    it("burns from another account within the allowance", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await token.connect(alice).approve(bob, 10n);
      await token.connect(bob).burnFrom(alice, 10n);
      expect(await token.balanceOf(alice)).to.equal(90n);
      await expect(token.connect(bob).burnFrom(alice, 1n)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientAllowance",
      );
    });

    it("burns nothing above the balance", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await expect(token.connect(alice).burn(101n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(alice.address, 100n, 101n);
    });
  });

  describe("as ERC-2612", () => {
    it("sets the allowance that the holder signed, once", async () => {
      const { token, tokenDomain, alice, bob, stranger } = await loadFixture(deployToken);
      const permit = await allow(token, tokenDomain, alice, bob.address, 40n);
      await token.connect(stranger).permit(...permit);
      expect(await token.allowance(alice, bob)).to.equal(40n);
      expect(await token.nonces(alice)).to.equal(1n);
      await expect(token.permit(...permit)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    });

    it("refuses a permit after its deadline", async () => {
      const { token, tokenDomain, alice, bob } = await loadFixture(deployToken);
      const deadline = (await now()) + 10n;
      const permit = await allow(token, tokenDomain, alice, bob.address, 40n, deadline);
      await at(deadline + 1n);
      await expect(token.permit(...permit))
        .to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature")
        .withArgs(deadline);
    });

    it("refuses a permit that somebody else signed", async () => {
      const { token, tokenDomain, alice, bob } = await loadFixture(deployToken);
      const [, ...rest] = await allow(token, tokenDomain, officer("FMA-1"), bob.address, 40n);
      await expect(token.permit(alice.address, ...rest)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    });
  });

  describe("as ERC-3009", () => {
    it("moves what the holder authorized, once, whoever brings it", async () => {
      const { token, tokenDomain, alice, bob, stranger } = await loadFixture(deployToken);
      const signed = await authorize("TransferWithAuthorization", tokenDomain, alice, bob.address, 25n);
      await expect(token.connect(stranger)[BY_KEY.transfer](...signed))
        .to.emit(token, "AuthorizationUsed")
        .withArgs(alice.address, signed[5]);
      expect(await token.balanceOf(bob)).to.equal(25n);
      expect(await token.authorizationState(alice, signed[5])).to.equal(true);
      await expect(token[BY_KEY.transfer](...signed))
        .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
        .withArgs(alice.address, signed[5]);
    });

    it("lets only the payee bring an authorization to receive", async () => {
      const { token, tokenDomain, alice, bob, stranger } = await loadFixture(deployToken);
      const signed = await authorize("ReceiveWithAuthorization", tokenDomain, alice, bob.address, 25n);
      await expect(token.connect(stranger)[BY_KEY.receive](...signed))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(bob.address);
      await token.connect(bob)[BY_KEY.receive](...signed);
      expect(await token.balanceOf(bob)).to.equal(25n);
    });

    it("refuses an authorization outside of its time", async () => {
      const { token, tokenDomain, alice, bob } = await loadFixture(deployToken);
      const time = await now();
      for (const window of [{ validAfter: time + 1000n }, { validBefore: time }]) {
        const signed = await authorize("TransferWithAuthorization", tokenDomain, alice, bob.address, 1n, window);
        await expect(token[BY_KEY.transfer](...signed))
          .to.be.revertedWithCustomError(token, "ERC3009InvalidAuthorizationTime")
          .withArgs(signed[3], signed[4]);
      }
    });

    it("refuses an authorization that was changed or that the holder cancelled", async () => {
      const { token, tokenDomain, alice, bob } = await loadFixture(deployToken);
      const [from, to, , ...rest] = await authorize("TransferWithAuthorization", tokenDomain, alice, bob.address, 1n);
      await expect(token[BY_KEY.transfer](from, to, 2n, ...rest)).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
      const nonce = rest[2];
      const cancel = Signature.from(await alice.signTypedData(tokenDomain, CANCEL, { authorizer: from, nonce }));
      await token[BY_KEY.cancel](alice.address, nonce, cancel.v, cancel.r, cancel.s);
      await expect(token[BY_KEY.transfer](from, to, 1n, ...rest))
        .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
        .withArgs(from, nonce);
    });
  });

  describe("as ERC-7598", () => {
    /** A contract that answers for whom alice's key signs, with 100 of the asset. */
    async function deployWallet() {
      const context = await deployToken();
      const { token, issuer, alice } = context;
      const wallet = await ethers.deployContract("SignedByKey", [alice]);
      await token.connect(issuer).mint(wallet, 100n);
      return { ...context, wallet, at: await wallet.getAddress() };
    }

    it("moves what a contract wallet authorized, once, whoever brings it", async () => {
      const { token, tokenDomain, alice, bob, stranger, at } = await loadFixture(deployWallet);
      const signed = await authorizeAny("TransferWithAuthorization", tokenDomain, at, alice, bob.address, 25n);
      await expect(token.connect(stranger)[BY_ANY.transfer](...signed))
        .to.emit(token, "AuthorizationUsed")
        .withArgs(at, signed[5]);
      expect(await token.balanceOf(bob)).to.equal(25n);
      await expect(token[BY_ANY.transfer](...signed))
        .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
        .withArgs(at, signed[5]);
    });

    it("moves what a key authorized, whatever code it has (EIP-7702)", async () => {
      const { token, tokenDomain, alice, bob } = await loadFixture(deployWallet);
      const denying = await ethers.deployContract("PlainToken");
      for (const code of ["0x", concat(["0xef0100", await denying.getAddress()])]) {
        await networkHelpers.setCode(alice.address, code);
        const signed = await authorizeAny(
          "TransferWithAuthorization",
          tokenDomain,
          alice.address,
          alice,
          bob.address,
          5n,
        );
        await token[BY_ANY.transfer](...signed);
      }
      expect(await token.balanceOf(bob)).to.equal(10n);
    });

    it("lets only the payee bring an authorization to receive", async () => {
      const { token, tokenDomain, alice, bob, stranger, at } = await loadFixture(deployWallet);
      const signed = await authorizeAny("ReceiveWithAuthorization", tokenDomain, at, alice, bob.address, 25n);
      await expect(token.connect(stranger)[BY_ANY.receive](...signed))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(bob.address);
      await token.connect(bob)[BY_ANY.receive](...signed);
      expect(await token.balanceOf(bob)).to.equal(25n);
    });

    it("refuses what the wallet did not sign, and what it cancelled", async () => {
      const { token, tokenDomain, alice, bob, at } = await loadFixture(deployWallet);
      const other = await authorizeAny("TransferWithAuthorization", tokenDomain, at, officer("FMA-1"), bob.address, 1n);
      const signed = await authorizeAny("TransferWithAuthorization", tokenDomain, at, alice, bob.address, 1n);
      const [from, to, , ...rest] = signed;
      for (const wrong of [other, [from, to, 2n, ...rest] as const]) {
        await expect(token[BY_ANY.transfer](...wrong)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      }
      const nonce = signed[5];
      const cancel = (key: Wallet) => key.signTypedData(tokenDomain, CANCEL, { authorizer: at, nonce });
      await expect(token[BY_ANY.cancel](at, nonce, await cancel(officer("FMA-1")))).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
      await token[BY_ANY.cancel](at, nonce, await cancel(alice));
      await expect(token[BY_ANY.transfer](...signed)).to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization");
    });

    it("obeys the holds of a contract wallet", async () => {
      const { token, tokenDomain, asDocket, alice, bob, at } = await loadFixture(deployWallet);
      await asDocket.setFrozenTokens(at, 60n);
      const held = await authorizeAny("TransferWithAuthorization", tokenDomain, at, alice, bob.address, 41n);
      await expect(token[BY_ANY.transfer](...held))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(at, 41n, 40n);
    });
  });

  describe("a held account", () => {
    /** Of alice's 100, 60 are held without an end. */
    async function deployHeld() {
      const context = await deployToken();
      const { token, asDocket, alice, bob, stranger } = context;
      // The old infinite allowance of a frozen account.
      await token.connect(alice).approve(bob, MaxUint256);
      await asDocket.setFrozenTokens(alice, 60n);
      return { ...context, stranger };
    }

    const paths: [string, (context: Awaited<ReturnType<typeof deployHeld>>, amount: bigint) => Promise<unknown>][] = [
      ["transfer", ({ token, alice, bob }, amount) => token.connect(alice).transfer(bob, amount)],
      ["a transfer to oneself", ({ token, alice }, amount) => token.connect(alice).transfer(alice, amount)],
      [
        "transferFrom by an old infinite allowance",
        ({ token, alice, bob, stranger }, amount) => token.connect(bob).transferFrom(alice, stranger, amount),
      ],
      [
        "permit and transferFrom",
        async ({ token, tokenDomain, alice, stranger }, amount) => {
          await token.permit(...(await allow(token, tokenDomain, alice, stranger.address, MaxUint256)));
          return token.connect(stranger).transferFrom(alice, stranger, amount);
        },
      ],
      [
        "transferWithAuthorization",
        async ({ token, tokenDomain, alice, bob }, amount) =>
          token[BY_KEY.transfer](
            ...(await authorize("TransferWithAuthorization", tokenDomain, alice, bob.address, amount)),
          ),
      ],
      [
        "receiveWithAuthorization",
        async ({ token, tokenDomain, alice, bob }, amount) => {
          const payee = token.connect(bob);
          return payee[BY_KEY.receive](
            ...(await authorize("ReceiveWithAuthorization", tokenDomain, alice, bob.address, amount)),
          );
        },
      ],
      [
        "transferWithAuthorization by a signature of any form",
        async ({ token, tokenDomain, alice, bob }, amount) =>
          token[BY_ANY.transfer](
            ...(await authorizeAny(
              "TransferWithAuthorization",
              tokenDomain,
              alice.address,
              alice,
              bob.address,
              amount,
            )),
          ),
      ],
      [
        "receiveWithAuthorization by a signature of any form",
        async ({ token, tokenDomain, alice, bob }, amount) => {
          const payee = token.connect(bob);
          return payee[BY_ANY.receive](
            ...(await authorizeAny("ReceiveWithAuthorization", tokenDomain, alice.address, alice, bob.address, amount)),
          );
        },
      ],
      ["burn", ({ token, alice }, amount) => token.connect(alice).burn(amount)],
      ["burnFrom", ({ token, alice, bob }, amount) => token.connect(bob).burnFrom(alice, amount)],
    ];

    for (const [path, spend] of paths) {
      it(`cannot spend what is held by ${path}, and can spend the rest`, async () => {
        const context = await loadFixture(deployHeld);
        const { token, alice } = context;
        await expect(spend(context, 41n))
          .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
          .withArgs(alice.address, 41n, 40n);
        expect(await token.balanceOf(alice)).to.equal(100n);
        await spend(context, 40n);
      });

      it(`is told of its balance first where ${path} asks for more than there is`, async () => {
        const context = await loadFixture(deployHeld);
        const { token, alice } = context;
        await expect(spend(context, 101n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(alice.address, 100n, 101n);
      });
    }

    it("receives, from anyone and from the issuer", async () => {
      const { token, issuer, alice, bob } = await loadFixture(deployHeld);
      await token.connect(issuer).mint(bob, 5n);
      await token.connect(bob).transfer(alice, 5n);
      await token.connect(issuer).mint(alice, 5n);
      expect(await token.balanceOf(alice)).to.equal(110n);
      expect(await token.getFrozenTokens(alice)).to.equal(60n);
    });

    it("can send 0", async () => {
      const { token, asDocket, alice, bob } = await loadFixture(deployHeld);
      await asDocket.setFrozenTokens(alice, 1000n);
      await expect(token.connect(alice).transfer(bob, 0n)).to.emit(token, "Transfer");
    });

    it("can still approve, and move money that others allow it to move", async () => {
      const { token, issuer, asDocket, alice, bob } = await loadFixture(deployHeld);
      await asDocket.setFrozenTokens(alice, 1000n);
      await token.connect(issuer).mint(bob, 5n);
      await token.connect(bob).approve(alice, 5n);
      await token.connect(alice).transferFrom(bob, alice, 5n);
      expect(await token.balanceOf(alice)).to.equal(105n);
      await token.connect(alice).approve(bob, 1n);
      expect(await token.allowance(alice, bob)).to.equal(1n);
    });

    it("has what it receives withheld while more is held than it has", async () => {
      const { token, issuer, asDocket, alice, bob } = await loadFixture(deployHeld);
      await asDocket.setFrozenTokens(alice, 150n);
      await token.connect(issuer).mint(alice, 49n);
      await expect(token.connect(alice).transfer(bob, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alice.address, 1n, 0n);
      await token.connect(issuer).mint(alice, 2n);
      await token.connect(alice).transfer(bob, 1n);
      expect(await token.balanceOf(alice)).to.equal(150n);
    });

    it("spends everything again once nothing is held", async () => {
      const { token, asDocket, alice, bob } = await loadFixture(deployHeld);
      await asDocket.setFrozenTokens(alice, 0n);
      await token.connect(alice).transfer(bob, 100n);
      expect(await token.balanceOf(bob)).to.equal(100n);
    });

    it("leaves every other account alone", async () => {
      const { token, issuer, asDocket, alice, bob } = await loadFixture(deployHeld);
      await asDocket.setFrozenTokens(alice, MAX_AMOUNT);
      await token.connect(issuer).mint(bob, 5n);
      await token.connect(bob).transfer(alice, 5n);
      expect(await token.getFrozenTokens(bob)).to.equal(0n);
    });
  });

  describe("the docket's setters", () => {
    it("answer nobody but the docket", async () => {
      const { token, docket, deployer, issuer, alice, bob } = await loadFixture(deployToken);
      for (const caller of [deployer, issuer, alice]) {
        const as = token.connect(caller);
        for (const attempt of [
          () => as.setHeld(alice, 1n, NO_END),
          () => as.setFrozenTokens(alice, 1n),
          () => as.forcedTransfer(alice, bob, 1n),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(token, "TengeOnlyDocket")
            .withArgs(caller.address, await docket.getAddress());
        }
      }
    });

    it("setFrozenTokens holds without an end, may exceed the balance, and returns true", async () => {
      const { token, asDocket, alice } = await loadFixture(deployToken);
      expect(await asDocket.setFrozenTokens.staticCall(alice, 500n)).to.equal(true);
      await expect(asDocket.setFrozenTokens(alice, 500n)).to.emit(token, "Frozen").withArgs(alice.address, 500n);
      await goTo((await now()) + 36_500n * DAY);
      expect(await token.getFrozenTokens(alice)).to.equal(500n);
      expect(await token.canTransfer(alice, asDocket, 1n)).to.equal(false);
    });

    it("setHeld and setFrozenTokens saturate at 2^96-1", async () => {
      const { token, asDocket, alice } = await loadFixture(deployToken);
      for (const amount of [MAX_AMOUNT, MAX_AMOUNT + 1n, MaxUint256]) {
        await expect(asDocket.setFrozenTokens(alice, amount))
          .to.emit(token, "Frozen")
          .withArgs(alice.address, MAX_AMOUNT);
        await expect(asDocket.setHeld(alice, amount, NO_END))
          .to.emit(token, "Frozen")
          .withArgs(alice.address, MAX_AMOUNT);
        expect(await token.getFrozenTokens(alice)).to.equal(MAX_AMOUNT);
      }
    });

    it("forcedTransfer moves held money and leaves the held amount to the docket", async () => {
      const { token, asDocket, alice, bob } = await loadFixture(deployToken);
      await asDocket.setFrozenTokens(alice, 100n);
      expect(await asDocket.forcedTransfer.staticCall(alice, bob, 70n)).to.equal(true);
      const forced = asDocket.forcedTransfer(alice, bob, 70n);
      await expect(forced).to.emit(token, "Transfer").withArgs(alice.address, bob.address, 70n);
      await expect(forced).to.emit(token, "ForcedTransfer").withArgs(alice.address, bob.address, 70n);
      expect(await token.balanceOf(alice)).to.equal(30n);
      expect(await token.balanceOf(bob)).to.equal(70n);
      expect(await token.getFrozenTokens(alice)).to.equal(100n);
      expect(await token.totalSupply()).to.equal(100n);
    });

    it("forcedTransfer to the same account changes no balance and no held amount", async () => {
      const { token, asDocket, alice } = await loadFixture(deployToken);
      await asDocket.setFrozenTokens(alice, 60n);
      await asDocket.forcedTransfer(alice, alice, 100n);
      expect(await token.balanceOf(alice)).to.equal(100n);
      expect(await token.getFrozenTokens(alice)).to.equal(60n);
    });

    it("forcedTransfer takes no more than the balance, so that no event tells of money that is not there", async () => {
      const { token, asDocket, alice, bob } = await loadFixture(deployToken);
      for (const to of [bob, alice]) {
        await expect(asDocket.forcedTransfer(alice, to, 101n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(alice.address, 100n, 101n);
      }
    });

    it("forcedTransfer moves nothing to address 0", async () => {
      const { token, asDocket, alice } = await loadFixture(deployToken);
      await expect(asDocket.forcedTransfer(alice, ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, "ERC7943CannotReceive")
        .withArgs(ZeroAddress);
    });

    it("forcedTransfer works while the docket answers no question", async () => {
      const { token, docket, asDocket, alice, bob } = await loadFixture(deployToken);
      await asDocket.setHeld(alice, 100n, (await now()) + 100n);
      await docket.setFailing(true);
      await goTo((await now()) + DAY);
      await asDocket.forcedTransfer(alice, bob, 100n);
      expect(await token.balanceOf(bob)).to.equal(100n);
    });
  });

  describe("the end of a hold", () => {
    /** All of alice's money is held until `until`. */
    async function deployEnding() {
      const context = await deployToken();
      const until = (await now()) + 1000n;
      await context.asDocket.setHeld(context.alice, 100n, until);
      return { ...context, until };
    }

    it("comes one second after `until`, with no transaction", async () => {
      const { token, alice, bob, until } = await loadFixture(deployEnding);
      await at(until);
      await expect(token.connect(alice).transfer(bob, 1n)).to.be.revertedWithCustomError(
        token,
        "ERC7943InsufficientUnfrozenBalance",
      );
      expect(await token.getFrozenTokens(alice)).to.equal(100n);
      expect(await token.canTransfer(alice, bob, 1n)).to.equal(false);
      await at(until + 1n);
      await token.connect(alice).transfer(bob, 1n);
      expect(await token.getFrozenTokens(alice)).to.equal(0n);
      expect(await token.canTransfer(alice, bob, 99n)).to.equal(true);
    });

    it("makes the token ask the docket, whose other holds still bind", async () => {
      const { token, docket, alice, bob, until } = await loadFixture(deployEnding);
      await docket.setAnswer(alice, 30n, until + 1000n);
      await goTo(until + 1n);
      expect(await token.getFrozenTokens(alice)).to.equal(30n);
      expect(await token.canTransfer(alice, bob, 70n)).to.equal(true);
      expect(await token.canTransfer(alice, bob, 71n)).to.equal(false);
      await expect(token.connect(alice).transfer(bob, 71n))
        .to.be.revertedWithCustomError(token, "ERC7943InsufficientUnfrozenBalance")
        .withArgs(alice.address, 71n, 70n);
    });

    it("is remembered at the next transfer, so that the docket is not asked again before the next end", async () => {
      const { token, docket, alice, bob, until } = await loadFixture(deployEnding);
      await docket.setAnswer(alice, 30n, until + 1000n);
      await at(until + 1n);
      await token.connect(alice).transfer(bob, 1n);
      await docket.setFailing(true);
      await at(until + 1000n);
      await token.connect(alice).transfer(bob, 1n);
      await expect(token.connect(alice).transfer(bob, 1n)).to.be.revertedWithCustomError(
        docket,
        "AnsweringDocketFails",
      );
    });

    it("asks nothing more of the docket once all holds ended", async () => {
      const { token, docket, alice, bob, until } = await loadFixture(deployEnding);
      await at(until + 1n);
      await token.connect(alice).transfer(bob, 1n);
      await docket.setFailing(true);
      await token.connect(alice).transfer(bob, 99n);
      expect(await token.balanceOf(bob)).to.equal(100n);
    });

    it("stops transfers while the docket fails, of any amount, burns included", async () => {
      const { token, docket, alice, bob, until } = await loadFixture(deployEnding);
      await docket.setFailing(true);
      await goTo(until + 1n);
      for (const attempt of [
        () => token.connect(alice).transfer(bob, 1n),
        () => token.connect(alice).transfer(bob, 0n),
        () => token.connect(alice).burn(1n),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(docket, "AnsweringDocketFails");
      }
    });

    it("is not believed by the views while the docket fails: canTransfer is false, the last held amount is shown", async () => {
      const { token, docket, alice, bob, until } = await loadFixture(deployEnding);
      await docket.setFailing(true);
      await goTo(until + 1n);
      expect(await token.getFrozenTokens(alice)).to.equal(100n);
      expect(await token.canTransfer(alice, bob, 0n)).to.equal(false);
      expect(await token.canTransfer(alice, bob, 1n)).to.equal(false);
    });

    it("leaves accounts without a hold free while the docket fails", async () => {
      const { token, docket, issuer, bob, alice, until } = await loadFixture(deployEnding);
      await token.connect(issuer).mint(bob, 5n);
      await docket.setFailing(true);
      await goTo(until + 1n);
      await token.connect(bob).transfer(alice, 5n);
      expect(await token.balanceOf(bob)).to.equal(0n);
    });
  });

  describe("the views of ERC-7943", () => {
    it("let every account but address 0 send and receive", async () => {
      const { token, asDocket, alice } = await loadFixture(deployToken);
      await asDocket.setFrozenTokens(alice, MAX_AMOUNT);
      for (const account of [alice.address, newAddress(), await token.getAddress()]) {
        expect(await token.canSend(account)).to.equal(true);
        expect(await token.canReceive(account)).to.equal(true);
      }
      expect(await token.canSend(ZeroAddress)).to.equal(false);
      expect(await token.canReceive(ZeroAddress)).to.equal(false);
    });

    it("let nothing pass from or to address 0", async () => {
      const { token, alice } = await loadFixture(deployToken);
      expect(await token.canTransfer(alice, ZeroAddress, 0n)).to.equal(false);
      expect(await token.canTransfer(ZeroAddress, alice, 0n)).to.equal(false);
    });

    it("never revert and agree with the real transfer, balance apart, in 200 random states", async () => {
      const { token, docket, asDocket, issuer, bob } = await loadFixture(deployToken);
      const random = generator(7943);
      const time = await now();
      const outcomes = new Set<string>();
      for (let i = 0; i < 200; ++i) {
        const holder = await actingAs(newAddress());
        const balance = random(100n);
        const failing = random(5n) === 0n;
        await token.connect(issuer).mint(holder, balance);
        await asDocket.setHeld(holder, random(3n) === 0n ? 0n : random(200n), time + random(40_000n));
        await docket.setAnswer(holder, random(200n), NO_END);
        await docket.setFailing(failing);
        const amount = random(4n) === 0n ? balance + random(3n) : random(balance + 2n);

        const can = await token.canTransfer(holder, bob, amount);
        const held = await token.getFrozenTokens(holder);
        const [canSend, canReceive] = [await token.canSend(holder), await token.canReceive(holder)];
        expect([canSend, canReceive]).to.deep.equal([true, true]);
        const fault = await token
          .connect(holder)
          .transfer.staticCall(bob, amount)
          .then(
            () => "none",
            (error: { data?: string }) => token.interface.parseError(error.data ?? "0x")?.name ?? "no answer",
          );
        outcomes.add(`${fault} ${can}`);
        const expected: Record<string, boolean> = {
          none: true,
          ERC7943InsufficientUnfrozenBalance: false,
          "no answer": false,
        };
        if (fault === "ERC20InsufficientBalance") expect(amount > balance).to.equal(true);
        else expect(can, `${fault}: ${amount} of ${balance}, held ${held}`).to.equal(expected[fault]);
        if (fault === "ERC7943InsufficientUnfrozenBalance") expect(balance < held + amount).to.equal(true);
        await goTo((await now()) + random(200n) + 1n);
      }
      expect([...outcomes]).to.include.members([
        "none true",
        "ERC7943InsufficientUnfrozenBalance false",
        "no answer false",
        "ERC20InsufficientBalance true",
      ]);
    });
  });

  describe("gas", () => {
    const cases: [string, bigint, bigint][] = [
      ["a part to an account that has some", 400n, 1n],
      ["a part to a new account", 400n, 0n],
      ["everything to an account that has some", 1000n, 1n],
      ["everything to a new account", 1000n, 0n],
    ];

    for (const [what, amount, receiverHas] of cases) {
      it(`of a never-held account's transfer of ${what} is at most OpenZeppelin's`, async () => {
        const { token, issuer } = await loadFixture(deployToken);
        const plain = await ethers.deployContract("PlainToken");
        const [holder, receiver] = [await actingAs(newAddress()), newAddress()];
        await plain.mint(holder, 1000n * UNIT);
        await token.connect(issuer).mint(holder, 1000n * UNIT);
        if (receiverHas !== 0n) {
          await plain.mint(receiver, receiverHas);
          await token.connect(issuer).mint(receiver, receiverHas);
        }
        const theirs = (await (await plain.connect(holder).transfer(receiver, amount * UNIT)).wait())!.gasUsed;
        const ours = (await (await token.connect(holder).transfer(receiver, amount * UNIT)).wait())!.gasUsed;
        expect(ours <= theirs, `ours ${ours}, OpenZeppelin's ${theirs}`).to.equal(true);
      });
    }
  });
});

/** Random numbers below a bound, the same for the same seed. */
function generator(seed: number): (below: bigint) => bigint {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return (state >> 33n) % below;
  };
}

describe("Tenge in the hands of a held account", () => {
  it("a frozen holder spends nothing of what is held, by no way; receipts are withheld up to the amount", async () => {
    const { tenge, kzte, alice, bob, carol, freeze } = await loadFixture(deploySystem);
    await tenge.connect(alice).approve(bob, 2n ** 256n - 1n);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance + 10n)]);
    const error = "ERC7943InsufficientUnfrozenBalance";
    await expect(tenge.connect(alice).transfer(bob, 1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(bob).transferFrom(alice, bob, 1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(alice).burn(1n)).to.be.revertedWithCustomError(tenge, error);
    await expect(tenge.connect(bob).burnFrom(alice, 1n)).to.be.revertedWithCustomError(tenge, error);
    await tenge.connect(carol).transfer(alice, 11n);
    await expect(tenge.connect(alice).transfer(bob, 2n)).to.be.revertedWithCustomError(tenge, error);
    await tenge.connect(alice).transfer(bob, 1n);
  });

  it("a transfer to oneself frees nothing, and one of zero changes nothing", async () => {
    const { tenge, kzte, alice, freeze } = await loadFixture(deploySystem);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance)]);
    await expect(tenge.connect(alice).transfer(alice, 1n)).to.be.revertedWithCustomError(
      tenge,
      "ERC7943InsufficientUnfrozenBalance",
    );
    await tenge.connect(alice).transfer(alice, 0n);
    expect([await tenge.balanceOf(alice), await tenge.getFrozenTokens(alice)]).to.deep.equal([balance, balance]);
  });

  it("lifting one case's hold leaves another's on the same account", async () => {
    const system = await loadFixture(deploySystem);
    const { tenge, kzte, freeze, lift } = system;
    const holder = await holderOf(system, 80n);
    await freeze([target(kzte, holder, 60n)], { caseId: "A" });
    await freeze([target(kzte, holder, 50n)], { caseId: "B", term: 3600 });
    await lift([target(kzte, holder, 60n)], { caseId: "A" });
    expect(await tenge.getFrozenTokens(holder)).to.equal(50);
  });

  it("a forced transfer to the same account changes nothing, and the way of force stays closed to others", async () => {
    const { tenge, docket, alice, bob, kzte, freeze } = await loadFixture(deploySystem);
    await freeze([target(kzte, alice, 7n)]);
    const system = await actingAs(docket);
    await tenge.connect(system).forcedTransfer(alice, alice, 5n);
    expect(await tenge.getFrozenTokens(alice)).to.equal(7);
    await expect(tenge.connect(bob).forcedTransfer(alice, bob, 1n)).to.be.revertedWithCustomError(
      tenge,
      "TengeOnlyDocket",
    );
    await expect(tenge.connect(bob).setFrozenTokens(alice, 0n)).to.be.revertedWithCustomError(tenge, "TengeOnlyDocket");
  });

  it("seized money leaves a frozen account with Frozen, Transfer, ForcedTransfer, and the holder is never free between", async () => {
    const { tenge, kzte, alice, arrest, seize } = await loadFixture(deploySystem);
    const balance = await tenge.balanceOf(alice);
    await arrest({ place: [target(kzte, alice, balance)], until: (await now()) + 100n * DAY });
    const receipt = (await (await seize([target(kzte, alice, balance)])).wait())!;
    const names = receipt.logs.map((log) => tenge.interface.parseLog(log)?.name).filter((name) => name !== undefined);
    expect(names).to.deep.equal(["Frozen", "Transfer", "ForcedTransfer"]);
  });

  it("canTransfer agrees with the transfer and never reverts", async () => {
    const { tenge, kzte, alice, bob, freeze } = await loadFixture(deploySystem);
    const balance = await tenge.balanceOf(alice);
    await freeze([target(kzte, alice, balance - 5n)]);
    for (const amount of [0n, 5n, 6n, balance]) {
      const can = await tenge.canTransfer(alice, bob, amount);
      const does = await tenge
        .connect(alice)
        .transfer.staticCall(bob, amount)
        .then(
          () => true,
          () => false,
        );
      expect(can, String(amount)).to.equal(does);
    }
    expect(await tenge.canTransfer(ethers.ZeroAddress, bob, 1n)).to.equal(false);
  });
});
