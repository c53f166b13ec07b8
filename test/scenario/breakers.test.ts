import { describeCampaign } from "../helpers/campaignProcess.ts";

describeCampaign("breakers", "runs");
