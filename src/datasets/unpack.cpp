#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <fstream>

#include "pyro/base/c_text.hpp"
#include "pyro/datasets/grouped_set.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

struct ArchiveEnd {
  void operator()(archive* value) const { archive_read_free(value); }
};

// Relative, without a step upwards.
bool stays_inside(const fs::path& name) {
  return !name.empty() && name.is_relative() && std::ranges::find(name, fs::path("..")) == name.end();
}

Status write_entry(archive* from, const fs::path& file, std::int64_t& left, const std::string& archive_name) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  for (;;) {
    const int code = archive_read_data_block(from, &block, &size, &offset);
    if (code == ARCHIVE_EOF) break;
    if (code < ARCHIVE_WARN)
      return bad_input(archive_name + " is damaged", text_of(archive_error_string(from)));
    left -= static_cast<std::int64_t>(size);
    if (left < 0) return bad_input(archive_name + " holds more than 8 GiB: unpack it and give the folder");
    out.seekp(offset);
    out.write(static_cast<const char*>(block), static_cast<std::streamsize>(size));
  }
  out.close();
  if (!out) return failed("'" + file.string() + "' cannot be written: check the space for temporary files");
  return {};
}

}  // namespace

Status unpack(const fs::path& archive_file, const fs::path& folder) {
  const std::string name = "the archive '" + archive_file.string() + "'";
  const std::unique_ptr<archive, ArchiveEnd> reader(archive_read_new());
  archive* from = reader.get();
  constexpr std::size_t kBlock = 1 << 16;
  if (archive_read_support_filter_all(from) < ARCHIVE_WARN ||
      archive_read_support_format_tar(from) != ARCHIVE_OK ||
      archive_read_support_format_zip(from) != ARCHIVE_OK ||
      archive_read_open_filename(from, archive_file.c_str(), kBlock) != ARCHIVE_OK) {
    return bad_input(name + " cannot be read: give a tar, tar.gz or zip",
                     text_of(archive_error_string(from)));
  }
  std::int64_t left = kMostUnpackedBytes;
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(from, &entry);
    if (code == ARCHIVE_EOF) return {};
    if (code < ARCHIVE_WARN) return bad_input(name + " is damaged", text_of(archive_error_string(from)));
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr || archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_hardlink(entry) != nullptr || !stays_inside(path)) {
      continue;
    }
    if (Status written = write_entry(from, folder / path, left, name); !written) return written;
  }
}

}  // namespace pyro::datasets
