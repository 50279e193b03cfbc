// Reader of a task bundle (".task"): a ZIP file whose entries are stored, not compressed, so that a model can
// be used where it lies. Format: PKWARE APPNOTE.TXT 6.3.10 (end record, central directory, local headers).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::infer {

// Views into the caller's bytes, which must outlive it. The bytes may be anything: all offsets are checked.
class TaskBundle {
 public:
  struct Entry {
    std::string_view name;
    std::span<const std::uint8_t> bytes;
  };

  // Errors (bad_input): no ZIP, cut off, an entry that is compressed, encrypted or outside the file, whose
  // CRC-32 is wrong, or whose name comes twice.
  static Result<TaskBundle> parse(std::span<const std::uint8_t> file, std::string_view name_in_messages);

  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> find(std::string_view name) const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace pyro::infer
