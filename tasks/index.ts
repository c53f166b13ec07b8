import type { TaskDefinition } from "hardhat/types/tasks";

import { accountDeposit, accountShow, accountWithdraw } from "./account.ts";
import { bookList, bookOpen } from "./book.ts";
import {
  breakerAnswer,
  breakerObserve,
  breakerRelease,
  breakerStatus,
  breakerSync,
  breakerTrip,
} from "./breaker.ts";
import { collateralAllocate, collateralDeposit, collateralFree } from "./collateral.ts";
import { deploy, deployCheck } from "./deploy.ts";
import { accessAudit } from "./governance.ts";
import {
  guardianDeposit,
  guardianPropose,
  guardianSend,
  guardianSign,
  guardianStatus,
  guardianVerifier,
} from "./guardian.ts";
import { localRound } from "./local.ts";
import { marketAdd, marketList, marketShow } from "./market.ts";
import {
  multisigCancel,
  multisigExecute,
  multisigList,
  multisigPropose,
  multisigSign,
  timelockQueue,
} from "./multisig.ts";
import { oracleProve, oracleShadow, oracleStatus, oracleUpdate } from "./oracle.ts";
import { orderCancel, orderCheck, orderFill, orderSign } from "./order.ts";
import { operatorSet, operatorShow } from "./operator.ts";
import { packageUnwrap, packageWrap } from "./package.ts";
import { bookFix, claim, redeem, settle } from "./settlement.ts";
import { watch } from "./watch.ts";
import { tokenFaucet } from "./token.ts";

/**
 * The Hardhat tasks of the project. Descriptions only: each action loads its own file when it runs.
 */
export const tasks: TaskDefinition[] = [
  deploy,
  deployCheck,
  marketList,
  marketShow,
  marketAdd,
  bookList,
  bookOpen,
  bookFix,
  accountShow,
  accountDeposit,
  accountWithdraw,
  collateralDeposit,
  collateralAllocate,
  collateralFree,
  orderSign,
  orderCheck,
  orderFill,
  orderCancel,
  packageWrap,
  packageUnwrap,
  operatorSet,
  operatorShow,
  oracleStatus,
  oracleUpdate,
  oracleShadow,
  oracleProve,
  multisigPropose,
  multisigSign,
  multisigList,
  multisigExecute,
  multisigCancel,
  timelockQueue,
  guardianPropose,
  guardianSign,
  guardianSend,
  guardianStatus,
  guardianDeposit,
  guardianVerifier,
  settle,
  claim,
  redeem,
  accessAudit,
  breakerStatus,
  breakerTrip,
  breakerAnswer,
  breakerObserve,
  breakerRelease,
  breakerSync,
  watch,
  tokenFaucet,
  localRound,
];
