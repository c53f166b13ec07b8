import { describeCampaign } from "../helpers/campaignProcess.ts";

describeCampaign("prices", "orders");
