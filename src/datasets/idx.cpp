#include "pyro/datasets/idx.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <string>

namespace pyro::datasets {
namespace {

// More than any data set of ours; keeps a forged header from asking for all memory.
constexpr std::uint64_t kLargest = std::uint64_t{4} << 30U;
constexpr std::uint32_t kUnsignedByte = 0x08;

struct CloseGz {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

std::uint32_t big_endian(const std::uint8_t* at) {
  return (std::uint32_t{at[0]} << 24U) | (std::uint32_t{at[1]} << 16U) | (std::uint32_t{at[2]} << 8U) | at[3];
}

}  // namespace

Result<IdxArray> read_idx(const std::filesystem::path& path) {
  const std::string name = path.string();
  const std::unique_ptr<gzFile_s, CloseGz> file(gzopen(path.c_str(), "rb"));
  if (!file) {
    return bad_input(name + ": cannot be opened; give the folder that holds the IDX files");
  }
  gzbuffer(file.get(), 1U << 18U);
  const auto read = [&](std::uint8_t* into, unsigned count) {
    return gzread(file.get(), into, count) == static_cast<int>(count);
  };
  std::array<std::uint8_t, 4> word{};
  if (!read(word.data(), 4) || word[0] != 0 || word[1] != 0 || word[3] == 0) {
    return bad_input(name + ": is not an IDX file (wrong magic number); fetch it again");
  }
  if (word[2] != kUnsignedByte) {
    return bad_input(name + ": holds other elements than unsigned bytes; only IDX type 0x08 is read");
  }
  IdxArray array;
  std::uint64_t total = 1;
  for (int i = word[3]; i > 0; --i) {
    if (!read(word.data(), 4)) {
      return bad_input(name + ": ends within its header; fetch it again");
    }
    array.dims.push_back(big_endian(word.data()));
    total *= array.dims.back();
    if (total > kLargest) {
      return bad_input(name + ": its header claims more than 4 GiB; the file is damaged");
    }
  }
  // Grown in steps, so a forged size costs no more memory than the file really has.
  constexpr std::uint64_t kStep = 1U << 20U;
  while (array.bytes.size() < total) {
    const auto step = static_cast<unsigned>(std::min<std::uint64_t>(kStep, total - array.bytes.size()));
    const std::size_t old = array.bytes.size();
    array.bytes.resize(old + step);
    if (!read(array.bytes.data() + old, step)) {
      return bad_input(name + ": ends before its " + std::to_string(total) + " bytes; fetch it again");
    }
  }
  if (gzgetc(file.get()) != -1) {
    return bad_input(name + ": has more bytes than its header says; fetch it again");
  }
  return array;
}

}  // namespace pyro::datasets
