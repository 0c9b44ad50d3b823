/** Does anything leave the server? The notice says so, on the doorstep and inside. */
class Outside {
  /** Ideas are sent to a service that says which of them mean the same. */
  service = $state(false);
}

export const outside = new Outside();
