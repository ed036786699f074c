# Formula for Homebrew. `url` and `sha256` are those of a release: make dist prints neither, SHA256SUMS does.
class Assay < Formula
  desc "Check infrastructure code and live clouds against security rules"
  homepage "https://assay.dev"
  url "https://assay.dev/releases/assay-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"

  depends_on "pkg-config" => :build
  depends_on "jansson"
  depends_on "libarchive"
  depends_on "libgit2"
  depends_on "libmicrohttpd"
  depends_on "libpq"
  depends_on "libyaml"
  depends_on "lua"
  depends_on "mpfr"
  depends_on "openssl@3"
  depends_on "pcre2"
  depends_on "sqlite"
  depends_on "zstd"

  uses_from_macos "curl"
  uses_from_macos "libxml2"

  def install
    system "make", "all", "LUA=lua"
    system "make", "install", "PREFIX=#{prefix}"
  end

  test do
    (testpath/"main.tf").write('resource "aws_s3_bucket" "b" {}')
    assert_match "AWS-S3-009", shell_output("#{bin}/assay scan --fail-on none")
  end
end
