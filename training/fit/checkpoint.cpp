#include "fit/checkpoint.hpp"

#include <sstream>

#include "pyro/base/files.hpp"

namespace pyro::training {
namespace {

// Torch's archive keeps strings only inside a script value, so the JSON travels as a tensor of bytes.
constexpr const char* kAbout = "about";

// Torch appends a stack trace of many lines to what it says.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

Result<torch::serialize::InputArchive> open(const std::filesystem::path& path) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path.string());
    return archive;
  } catch (const std::exception& error) {
    return bad_input(
        path.string() + ": is missing or no checkpoint of pyrometer-train; give the folder of a run",
        first_line(error));
  }
}

}  // namespace

Status write_file(const std::filesystem::path& path, std::string_view bytes) {
  Status written = replace_file(path, bytes, Survives::power_cut);
  if (!written) written.error().message += "; then go on with --resume";
  return written;
}

NamedTensors prefixed(std::string_view prefix, const NamedTensors& tensors) {
  NamedTensors result;
  for (const auto& [name, tensor] : tensors) {
    result.emplace_back(std::string(prefix) + name, tensor);
  }
  return result;
}

Status save(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  std::ostringstream bytes;
  try {
    torch::serialize::OutputArchive archive;
    const std::string about = checkpoint.about.dump();
    archive.write(kAbout, torch::tensor(std::vector<uint8_t>(about.begin(), about.end()), torch::kUInt8));
    for (const auto& [name, tensor] : checkpoint.tensors) {
      archive.write(name, tensor);
    }
    archive.save_to(bytes);
  } catch (const std::exception& error) {
    return failed(path.string() + ": the checkpoint could not be made", error.what());
  }
  return write_file(path, std::move(bytes).str());
}

Result<nlohmann::json> read_about(const std::filesystem::path& path) {
  auto archive = open(path);
  if (!archive) {
    return tl::make_unexpected(archive.error());
  }
  try {
    torch::Tensor bytes;
    archive->read(kAbout, bytes);
    const auto* first = bytes.data_ptr<uint8_t>();
    return nlohmann::json::parse(first, first + bytes.numel());
  } catch (const std::exception& error) {
    return bad_input(path.string() + ": is no checkpoint of pyrometer-train; give the folder of a run",
                     first_line(error));
  }
}

Status load(const std::filesystem::path& path, Checkpoint& checkpoint) {
  Result<nlohmann::json> about = read_about(path);
  if (!about) {
    return tl::make_unexpected(about.error());
  }
  auto archive = open(path);
  if (!archive) {
    return tl::make_unexpected(archive.error());
  }
  const torch::NoGradGuard no_grad;
  for (auto& [name, target] : checkpoint.tensors) {
    torch::Tensor stored;
    if (!archive->try_read(name, stored) || stored.sizes() != target.sizes()) {
      return bad_input(path.string() + ": '" + name +
                       "' is missing or has another shape; use the same network settings as the run had");
    }
    target.copy_(stored);
  }
  checkpoint.about = std::move(*about);
  return {};
}

}  // namespace pyro::training
