#include "pyro/jobs/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <vector>

#include "pyro/base/c_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/jobs/media.hpp"

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;
using Reader = ::archive;  // libarchive's; ours of that name is a room

struct ReaderEnd {
  void operator()(Reader* value) const { archive_read_free(value); }
};

struct Entry {
  std::string name;  // in the archive
  fs::path file;     // where its bytes are now
  Media media;
};

bool leads_out(const fs::path& name) {
  return name.empty() || name.is_absolute() || name.native().find('\\') != std::string::npos ||
         std::ranges::find(name, fs::path("..")) != name.end();
}

// "a/Clip One.MP4" → "Clip_One": what every file system and every client takes.
std::string plain_stem(const std::string& name) {
  std::string stem = fs::path(name).stem().string();
  for (char& c : stem) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '_';
  }
  stem.resize(std::min<std::size_t>(stem.size(), 60));
  return stem.empty() ? "file" : stem;
}

// As people count: "2" before "10".
bool before(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto number = [&](const std::string& text, std::size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const std::size_t from = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(from, at - from);
      };
      const std::string x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  return a.size() - i < b.size() - j;
}

class Unpacker {
 public:
  Unpacker(const fs::path& folder, const UnpackLimits& limits, Arrange arrange, std::int64_t packed)
      : folder_(folder), limits_(limits), arrange_(arrange), packed_(packed) {}

  Status entry(Reader* from, archive_entry* entry) {
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr) return bad_input("The archive names a file in no way that can be read.");
    if (++entries_ > limits_.entries)
      return bad_input("The archive holds more than " + std::to_string(limits_.entries) +
                       " entries; split it.");
    if (leads_out(path))
      return bad_input(
          "The archive holds a name that leads out of it (absolute, or with \"..\"); pack it anew.");
    if (archive_entry_is_encrypted(entry) != 0)
      return bad_input("The archive is encrypted; pack it without a password.");
    if (archive_entry_filetype(entry) == AE_IFDIR) return {};
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        archive_entry_symlink(entry) != nullptr)
      return bad_input("The archive holds a link or a device; pack plain files only.");
    if (archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) > limits_.bytes - total_)
      return too_large();
    const fs::path file = folder_ / ("entry-" + std::to_string(entries_));
    if (Status written = write(from, file); !written) return written;
    const Result<Media> media = media_of_file(file);
    if (!media) return tl::make_unexpected(media.error());
    // What some systems put beside every file, and what is nothing to look at.
    const std::string name = path, last = fs::path(name).filename().string();
    const bool wanted = media->kind == MediaKind::picture ||
                        media->kind == (arrange_ == Arrange::by_kind ? MediaKind::video : MediaKind::table);
    if (last.starts_with('.') || name.starts_with("__MACOSX/") || !wanted) {
      std::error_code ignored;
      fs::remove(file, ignored);
      if (!last.starts_with('.') && !name.starts_with("__MACOSX/")) ++found_.skipped;
      return {};
    }
    kept_.push_back({name, file, *media});
    return {};
  }

  Result<Unpacked> arranged() {
    if (arrange_ == Arrange::as_named) return named();
    std::ranges::sort(kept_, [](const Entry& a, const Entry& b) { return before(a.name, b.name); });
    std::set<std::string> taken;
    for (const Entry& one : kept_) {
      const bool video = one.media.kind == MediaKind::video;
      std::int64_t& count = video ? found_.videos : found_.pictures;
      ++count;
      // Pictures are numbered so that their order cannot change on the way; a video's name says which figures
      // are its own.
      std::string name = std::to_string(count);
      if (video) {
        const std::string stem = plain_stem(one.name);
        name = stem;
        for (int i = 2; !taken.insert(name).second; ++i) name = stem + "-" + std::to_string(i);
      }
      const fs::path to = folder_ / (video ? "videos" : "pictures");
      std::error_code error;
      fs::create_directory(to, error);
      fs::rename(one.file, to / (name + std::string{one.media.extension}), error);
      if (error) return failed("an unpacked file cannot be moved", error.message());
    }
    if (found_.videos + found_.pictures == 0)
      return bad_input("The archive holds no picture and no video that this server knows.");
    return found_;
  }

 private:
  Result<Unpacked> named() {
    for (const Entry& one : kept_) {
      const fs::path to = (folder_ / one.name).lexically_normal();
      std::error_code error;
      fs::create_directories(to.parent_path(), error);
      if (!error && fs::exists(to, error))
        return bad_input("The archive holds two files of the same name; pack it anew.");
      if (!error) fs::rename(one.file, to, error);
      if (error)
        return bad_input("The archive holds a name that no file can have here; use short and plain ones.",
                         error.message());
      ++(one.media.kind == MediaKind::table ? found_.tables : found_.pictures);
    }
    if (found_.pictures + found_.tables == 0)
      return bad_input("The archive holds no picture and no table that this server knows.");
    return found_;
  }

  tl::unexpected<Error> too_large() const {
    return bad_input("The archive unpacks to more than " + std::to_string(limits_.bytes >> 20) +
                     " MiB; split it.");
  }

  Status write(Reader* from, const fs::path& file) {
    const Descriptor out(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (out.get() < 0) return cannot("write", file, errno);
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0, at = 0;
    for (;;) {
      const int code = archive_read_data_block(from, &block, &size, &offset);
      if (code == ARCHIVE_EOF) return {};
      if (code < ARCHIVE_WARN) {
        const std::string text = text_of(archive_error_string(from));
        if (text.find("ncrypt") != std::string::npos || text.find("assphrase") != std::string::npos)
          return bad_input("The archive is encrypted; pack it without a password.");
        return bad_input("The archive is damaged; pack it anew.", text);
      }
      // A hole is written out as well: it counts like everything else.
      if (offset < at) return bad_input("The archive is damaged; pack it anew.");
      total_ += offset - at + static_cast<std::int64_t>(size);
      if (total_ > limits_.bytes) return too_large();
      if (total_ > limits_.ratio_from && total_ / limits_.ratio > packed_)
        return bad_input("The archive unpacks to more than " + std::to_string(limits_.ratio) +
                         " times its size; no pictures or videos do.");
      while (at < offset) {
        const std::string zeros(static_cast<std::size_t>(std::min<la_int64_t>(offset - at, 1 << 16)), '\0');
        if (const int wrong = out.write_all(zeros); wrong != 0) return cannot("write", file, wrong);
        at += static_cast<la_int64_t>(zeros.size());
      }
      if (const int wrong = out.write_all({static_cast<const char*>(block), size}); wrong != 0)
        return cannot("write", file, wrong);
      at += static_cast<la_int64_t>(size);
    }
  }

  fs::path folder_;
  UnpackLimits limits_;
  Arrange arrange_;
  std::int64_t packed_, total_ = 0, entries_ = 0;
  std::vector<Entry> kept_;
  Unpacked found_;
};

}  // namespace

Result<Unpacked> unpack(const fs::path& archive_file, const fs::path& folder, const UnpackLimits& limits,
                        Arrange arrange) {
  std::error_code error;
  const auto packed = static_cast<std::int64_t>(fs::file_size(archive_file, error));
  if (!error) fs::create_directories(folder, error);
  if (error) return failed("the archive cannot be unpacked", error.message());
  const std::unique_ptr<Reader, ReaderEnd> reader(archive_read_new());
  Reader* from = reader.get();
  constexpr std::size_t kBlock = 1 << 16;
  archive_read_support_filter_gzip(from);
  archive_read_support_format_tar(from);
  archive_read_support_format_zip(from);
  if (archive_read_open_filename(from, archive_file.c_str(), kBlock) != ARCHIVE_OK)
    return bad_input("The archive cannot be read: give a zip, a tar or a tar.gz.",
                     text_of(archive_error_string(from)));
  Unpacker unpacker(folder, limits, arrange, std::max<std::int64_t>(packed, 1));
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(from, &entry);
    if (code == ARCHIVE_EOF) break;
    if (code < ARCHIVE_WARN)
      return bad_input("The archive is damaged; pack it anew.", text_of(archive_error_string(from)));
    if (Status taken = unpacker.entry(from, entry); !taken) return tl::make_unexpected(taken.error());
  }
  return unpacker.arranged();
}

}  // namespace pyro::jobs
