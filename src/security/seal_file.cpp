#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "bytes.hpp"
#include "key_number.hpp"
#include "private_part.hpp"
#include "pyro/base/files.hpp"
#include "pyro/security/seal.hpp"
#include "pyro/security/secret_text.hpp"

namespace pyro::security {

namespace fs = std::filesystem;

namespace {

// magic (8) · key's number (4) · secretstream's header (24) · pieces: up to 64 KiB and 17 bytes each, the
// last marked as such. Magic and number are the first piece's associated data.
constexpr std::string_view kMagic = "PYROSEA1";
constexpr std::size_t kFileHead = kMagic.size() + kKeyNumberBytes;
constexpr std::size_t kStreamHead = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr std::size_t kMore = crypto_secretstream_xchacha20poly1305_ABYTES;

struct Stream {
  crypto_secretstream_xchacha20poly1305_state state{};
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { ::sodium_memzero(&state, sizeof state); }
};

// Reads a file piece by piece and knows when the one it gives is the last.
class Pieces {
 public:
  Pieces(const fs::path& path, std::size_t size) : path_(path), file_(path, O_RDONLY), size_(size) {}

  // Up to that many bytes; fewer only at the end.
  Result<std::string> take(std::size_t size) {
    if (file_.get() < 0)
      return bad_input(path_.string() + ": is missing or cannot be read; check its name",
                       std::strerror(errno));
    std::string out(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ::read(file_.get(), out.data() + have, size - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return bad_input(path_.string() + ": cannot be read; check the disk", std::strerror(errno));
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
  }

  // The next one, and whether none follows. At the end of the file: empty, and last.
  Result<std::pair<std::string, bool>> next() {
    if (!ahead_) {
      Result<std::string> first = take(size_);
      if (!first) return tl::make_unexpected(std::move(first.error()));
      ahead_ = std::move(*first);
    }
    Result<std::string> following =
        ahead_->size() == size_ ? take(size_) : Result<std::string>{std::string{}};
    if (!following) return tl::make_unexpected(std::move(following.error()));
    std::pair<std::string, bool> result{std::move(*ahead_), following->empty()};
    ahead_ = std::move(*following);
    return result;
  }

 private:
  fs::path path_;
  Descriptor file_;
  std::size_t size_;
  std::optional<std::string> ahead_;
};

unsigned char* bytes_in(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

Status seal_file(const fs::path& in, const fs::path& out, const SealKey& key) {
  need_sodium();
  Pieces pieces(in, kPiece);
  Result<std::pair<std::string, bool>> piece = pieces.next();
  if (!piece) return tl::make_unexpected(std::move(piece.error()));
  PrivatePart part(out);
  std::string head{kMagic};
  head.resize(kFileHead + kStreamHead);
  put_key_number(key.id(), bytes_in(head) + kMagic.size());
  Stream stream;
  ::crypto_secretstream_xchacha20poly1305_init_push(&stream.state, bytes_in(head) + kFileHead,
                                                    key.bytes().data());
  if (Status written = part.write(head); !written) return written;
  std::string_view associated = std::string_view{head}.substr(0, kFileHead);
  while (true) {
    SecretText plain{std::move(piece->first)};
    std::string cipher(plain.text().size() + kMore, '\0');
    ::crypto_secretstream_xchacha20poly1305_push(
        &stream.state, bytes_in(cipher), nullptr, data_of(plain.text()), plain.text().size(),
        data_of(associated), associated.size(),
        piece->second ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    if (Status written = part.write(cipher); !written) return written;
    if (piece->second) return part.finish();
    associated = {};
    piece = pieces.next();
    if (!piece) return tl::make_unexpected(std::move(piece.error()));
  }
}

Status open_file(const fs::path& in, const fs::path& out, std::span<const SealKey> keys) {
  need_sodium();
  Pieces pieces(in, kPiece + kMore);
  Result<std::string> head = pieces.take(kFileHead + kStreamHead);
  if (!head) return tl::make_unexpected(std::move(head.error()));
  if (head->size() != kFileHead + kStreamHead || !head->starts_with(kMagic))
    return bad_input(in.string() + ": is no file that this program sealed, or only its beginning");
  const std::uint32_t id = key_number(bytes_in(*head) + kMagic.size());
  const auto key = std::ranges::find(keys, id, &SealKey::id);
  if (key == keys.end())
    return bad_input(in.string() + ": was sealed with key " + std::to_string(id) +
                     ", which is not here; give that key");
  Stream stream;
  const auto broken = [&](const std::string& how) {
    return bad_input(in.string() + ": " + how + "; take another copy");
  };
  if (::crypto_secretstream_xchacha20poly1305_init_pull(&stream.state, bytes_in(*head) + kFileHead,
                                                        key->bytes().data()) != 0)
    return broken("its beginning is damaged");
  PrivatePart part(out);
  std::string_view associated = std::string_view{*head}.substr(0, kFileHead);
  while (true) {
    const Result<std::pair<std::string, bool>> piece = pieces.next();
    if (!piece) return tl::make_unexpected(piece.error());
    if (piece->first.size() < kMore) return broken("it was cut off");
    SecretText plain{std::string(piece->first.size() - kMore, '\0')};
    unsigned char tag = 0;
    if (::crypto_secretstream_xchacha20poly1305_pull(&stream.state, bytes_in(plain.text()), nullptr, &tag,
                                                     data_of(piece->first), piece->first.size(),
                                                     data_of(associated), associated.size()) != 0)
      return broken("it was altered or cut off, pieces of it are missing or in another order, or key " +
                    std::to_string(id) + " is another one than it was sealed with");
    const bool final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (!final && piece->second) return broken("it was cut off");
    if (final && !piece->second) return broken("something was added behind its end");
    if (Status written = part.write(plain.text()); !written) return written;
    if (final) return part.finish();
    associated = {};
  }
}

}  // namespace pyro::security
