// The address under which other machines reach this one.
import { createSocket } from "node:dgram";

/**
 * The local address of the route to a host. What the host's own name resolves to is often 127.0.0.1, where no other
 * machine can connect. No packet is sent: connecting a UDP socket only chooses the route.
 * @throws Error when there is no route.
 */
export function ownAddress(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.once("error", reject);
    socket.connect(port, host, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}
