/** Two searches that always run: what one does not see the other may. */
export const seeds = [1, 20_260_101];
/** So many histories of each take about a quarter of a minute. */
export const runs = 70;
