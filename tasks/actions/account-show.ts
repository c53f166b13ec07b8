import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { PositionViewStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { ownerOf, subOf } from "../../packages/contracts/src/ids.ts";
import { accountText } from "../lib/accounts.ts";
import type { ActingArguments } from "../lib/arguments.ts";
import { openBookBy, phaseOf } from "../lib/books.ts";
import { CLAIM_COLUMNS, claimableOf, claimJson, claimRow } from "../lib/claims.ts";
import { formatDecimal } from "../lib/decimals.ts";
import { HELD_COLUMNS, heldJson, heldRow, packagesOf } from "../lib/packages.ts";
import { booksOfAccount } from "../lib/participants.ts";
import { POSITION_COLUMNS, positionJson, positionRow } from "../lib/positions.ts";
import { facts, paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";
import { accountOf, actorOf } from "../lib/signers.ts";
import { marketTokens } from "../lib/tokenChoice.ts";
import { amountOf, tokensAt, walletBalance } from "../lib/tokens.ts";
import type { Token } from "../lib/tokens.ts";
import { listed } from "../lib/usage.ts";

interface Arguments extends ActingArguments {
  readonly account: string | undefined;
  readonly books: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const seen = await look(session, account, args.books);
    const { owner, epoch, cash, positions, claims, packages } = seen;
    return {
      json: {
        account: idOf(account),
        owner,
        sub: subOf(account),
        epoch: Number(epoch),
        cash: cash.map(({ token, free, wallet }) => ({
          token: token.address,
          free: amountOf(token, free),
          wallet: amountOf(token, wallet),
        })),
        positions: positions.map(({ view, token }) => positionJson(view, token)),
        claimable: claims.map(claimJson),
        packages: packages.map(heldJson),
      },
      text: paragraphs(
        facts([
          ["account", accountText(account)],
          ["id", idOf(account)],
          ["epoch of its orders", String(epoch)],
        ]),
        section(CASH_COLUMNS, cash.map(cashRow)),
        section(
          POSITION_COLUMNS,
          positions.map(({ view, token }) => positionRow(view, token)),
        ),
        section(CLAIM_COLUMNS, claims.map(claimRow)),
        section(HELD_COLUMNS, packages.map(heldRow)),
      ),
    };
  });

const CASH_COLUMNS = ["token", ">free cash", ">in the owner's wallet"];

interface Cash {
  readonly token: Token;
  readonly free: bigint;
  readonly wallet: bigint;
}

function cashRow({ token, free, wallet }: Cash): string[] {
  return [token.symbol, formatDecimal(free, token.decimals), formatDecimal(wallet, token.decimals)];
}

function section(columns: readonly string[], rows: readonly (readonly string[])[]) {
  return rows.length === 0 ? undefined : table(columns, rows);
}

/** Everything that is shown of an account. */
async function look(session: Session, account: bigint, option: string | undefined) {
  const books = await booksFor(session, account, option);
  const tokens = await marketTokens(session);
  const addresses = tokens.map(({ address }) => address);
  const owner = ownerOf(account);
  const [view, claims, packages, wallets] = await Promise.all([
    session.lens.accountOf(account, addresses, books),
    claimableOf(session, account, books),
    packagesOf(session, owner),
    Promise.all(tokens.map((token) => walletBalance(session, token, owner))),
  ]);
  const cash = tokens.map((token, i) => ({
    token,
    free: view.cash[i]?.amount ?? 0n,
    wallet: wallets[i] ?? 0n,
  }));
  const positions = await withTokens(session, [...view.positions].filter(isHeld));
  return { owner, epoch: view.epoch, cash, positions, claims, packages };
}

async function booksFor(session: Session, account: bigint, option: string | undefined) {
  if (option === undefined) return booksOfAccount(session, account);
  const names = listed("--books", option, ",");
  const books = await Promise.all(names.map((name) => openBookBy(session, "--books", name)));
  return books.map(({ book }) => book);
}

function isHeld({ book, collateral, legs }: PositionViewStructOutput): boolean {
  return phaseOf(book) !== "unopened" && (collateral > 0n || legs.length > 0);
}

async function withTokens(session: Session, views: readonly PositionViewStructOutput[]) {
  const tokens = await tokensAt(
    session,
    views.map(({ token }) => token),
  );
  return views.flatMap((view) => {
    const token = tokens.get(view.token);
    return token === undefined ? [] : [{ view, token }];
  });
}
