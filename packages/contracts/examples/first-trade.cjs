// A first trade: a maker signs an order, a taker fills a part of it.
//
//   RPC_URL=… LEDGER=… BOOK=… MAKER_KEY=… TAKER_KEY=… node first-trade.cjs
//
// BOOK is an open book of a linear market of ETH; both accounts hold free cash in its token, see `deposit`.
const { hexlify, JsonRpcProvider, randomBytes, Wallet } = require("ethers");
const {
  accountId,
  buildOrder,
  decodeError,
  IClearinghouse__factory,
  orderDomain,
  signOrder,
  unpackLeg,
} = require("@certus/contracts");

const { RPC_URL, LEDGER, BOOK, MAKER_KEY, TAKER_KEY } = process.env;

async function main(provider) {
  for (const [name, value] of Object.entries({ RPC_URL, LEDGER, BOOK, MAKER_KEY, TAKER_KEY })) {
    if (!value) throw new Error(`${name} is not set`);
  }

  // Connect. Where Certus is deployed, LEDGER is addressesOf(chainId).contracts.clearinghouse.
  const maker = new Wallet(MAKER_KEY, provider);
  const taker = new Wallet(TAKER_KEY, provider);
  const { chainId } = await provider.getNetwork();
  const ledger = IClearinghouse__factory.connect(LEDGER, taker);
  const book = BigInt(BOOK);

  // Sign: the maker sells put spreads, 2,000 over 1,900, and asks 12.50 for each. No transaction.
  const account = accountId(maker.address);
  const { timestamp } = await provider.getBlock("latest");
  const order = buildOrder({
    account,
    nonce: BigInt(hexlify(randomBytes(16))),
    epoch: await ledger.epochOf(account),
    units: 10,
    signedAt: timestamp,
    deadline: timestamp + 600,
    parts: [
      {
        book,
        legs: [
          { strike: 2_000e8, isCall: false, quantity: -1 },
          { strike: 1_900e8, isCall: false, quantity: 1 },
        ],
        premium: 12.5e8,
        maxDraw: 1_000_000,
      },
    ],
  });
  const signature = await signOrder(maker, order, orderDomain(chainId, LEDGER));

  // Fill: the taker takes 4 of the 10 units and pays at most 0.60 USDC, fee included, out of its free cash.
  const own = accountId(taker.address);
  const limits = [{ maxPay: 600_000, maxDraw: 600_000 }];
  const sent = await ledger.fill(own, order, maker.address, signature, 4, limits);
  await sent.wait();

  // Read the taker's position.
  const { collateral, legs } = await ledger.positionOf(own, book);
  console.log(`position: ${legs.length} legs, collateral ${collateral}`);
  for (const { strike, isCall, quantity } of legs.map(unpackLeg)) {
    console.log(`${quantity} × ${isCall ? "call" : "put"} ${strike / 10n ** 8n}`);
  }

  // Decode an error: only 6 units are left.
  try {
    await ledger.fill.staticCall(own, order, maker.address, signature, 7, limits);
  } catch (error) {
    const { name, args, sentence } = decodeError(error);
    console.log(`${name}: asked for ${args.units}, left ${args.remaining}`);
    console.log(sentence);
  }
}

const provider = new JsonRpcProvider(RPC_URL);
main(provider)
  .catch((error) => {
    const { kind, sentence } = decodeError(error);
    console.error(kind === "none" ? error.message : sentence);
    process.exitCode = 1;
  })
  .finally(() => provider.destroy());
