-- Candidates for secrets, found by engine/secrets in texts and evaluated values.

local fields = {
  detector = { string, "detector", doc = "What found it: aws-access-key-id." },
  what = { string, "what", doc = "What it is: an AWS access key id." },
  key = { string, "key", doc = "The name that it is assigned to, where there is one." },
  path = { string, "path", doc = "The file." },
  resource = { string, "resource", doc = "Address of the resource whose evaluated value it is." },
  shown = { string, "shown", doc = "What may be printed of it: a few characters at its ends." },
  length = { number, "length", doc = "Its length in bytes." },
  entropy = { number, "entropy", doc = "Shannon entropy in bits a character." },
  hex = { bool, "hex", doc = "It is hexadecimal digits alone." },
  encrypted = { bool, "encrypted", doc = "A private key under a passphrase." },
  publishable = { bool, "publishable", doc = "Its issuer means it to be seen." },
  evaluated = { bool, "evaluated", doc = "It is in a value that was worked out, not in a text as it stands." },
  expires = { string, "expires", doc = "The last day of a token, by its own claim." },
  expired = { bool, "expired", doc = "That day is over." },
}

local groups = {
  aws = "An AWS credential.", gcp = "A Google Cloud credential.", private_key = "A private key.", jwt = "A JSON Web Token.",
  connection = "A password in an address or connection string.", source = "A token of a source host or CI service.",
  package = "A token of a package or container registry.", messaging = "A token of a chat, mail or alerting service.",
  payment = "A key of a payment or market data service.", cloud = "A credential of another cloud provider.",
  tool = "A token of an infrastructure tool.", kubernetes = "A credential of a Kubernetes cluster.",
  named = "A literal under a key that is named like a secret.", entropy = "A literal too random to be a word.",
}

for group, doc in pairs(groups) do
  entity("secret." .. group) { doc = doc, files = { "secret:" .. group }, fields = fields }
end
