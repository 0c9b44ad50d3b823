// A page's socket in a test's hands: closed with a code, and kept away until it is let back.

/** Takes the socket of a phone that has not been opened yet. */
export async function heldSocket(one) {
  let away = null;
  const open = new Set();
  await one.page.routeWebSocket(/\/sync/, (socket) => {
    if (away !== null) return socket.close({ code: away });
    socket.connectToServer();
    open.add(socket);
  });
  return {
    /** Closes it as a server or a proxy would; what tries again is closed with `then`. */
    cut(code = 4000, then = code) {
      away = then;
      for (const socket of open) socket.close({ code });
      open.clear();
    },
    back() {
      away = null;
    },
  };
}
