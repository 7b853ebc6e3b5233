// Loaded before zabsim into a Node that is to differ from others: it seeds the streams of the links otherwise.
const charCodeAt = String.prototype.charCodeAt;

String.prototype.charCodeAt = function (index) {
  return charCodeAt.call(this, index) + (index === 0 && /^\d+[/]link /.test(this) ? 1 : 0);
};
