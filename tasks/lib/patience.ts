/** How long tasks wait for nodes, milliseconds. Tests shorten it. */
export const patience = {
  /** Between two looks at a transaction. */
  poll: 1_000,
  /** Before a request that failed is made again, attempt by attempt. */
  retries: [250, 500, 1_000, 2_000],
};
