import type { TaskDefinition } from "hardhat/types/tasks";

/**
 * The Hardhat tasks of the project. Descriptions only: each action loads its own file when it runs.
 */
export const tasks: TaskDefinition[] = [];
