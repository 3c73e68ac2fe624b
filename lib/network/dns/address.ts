/** Where pods expect the cluster's DNS. */
export const dnsAddress = '10.96.0.10';
