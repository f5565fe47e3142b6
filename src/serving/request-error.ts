// What is wrong with a request, or with its moment: an HTTP status and a line.

export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}
