#include <cstdint>
#include <nlohmann/json.hpp>

#include "datasets/samples.hpp"
#include "pyro/base/files.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

struct HoldOutFlags {
  std::vector<std::string> data;
  std::filesystem::path out;
  double share = 0.1;
  std::uint64_t split_seed = 1;
};

// The format of MNIST's files: 0, 0, type 8 (bytes), number of dimensions, then their sizes in big-endian.
std::string idx_header(const std::vector<std::uint32_t>& sizes) {
  std::string header{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) header += static_cast<char>(size >> shift & 0xffU);
  }
  return header;
}

Result<nlohmann::json> write_hold_out(const HoldOutFlags& flags) {
  const Result<std::vector<Source>> sources = parse_sources(flags.data);
  if (!sources) return tl::make_unexpected(sources.error());
  Result<std::vector<Sample>> samples = read_samples(*sources);
  if (!samples) return tl::make_unexpected(samples.error());
  const Split parts = split(std::move(*samples), flags.share, flags.split_seed);
  std::error_code error;
  std::filesystem::create_directories(flags.out, error);
  nlohmann::json report{{"out", flags.out.string()}};
  for (const bool votes : {true, false}) {
    std::string pictures;
    std::string labels;
    for (const Sample& sample : parts.hold_out) {
      const std::optional<int>& label = votes ? sample.majority : sample.label;
      if (!label) continue;
      for (const auto pixel : sample.face.pixels) pictures += static_cast<char>(pixel);
      labels += static_cast<char>(*label);
    }
    const auto count = static_cast<std::uint32_t>(labels.size());
    const std::string name = votes ? "product" : "fer2013";
    const auto side = static_cast<std::uint32_t>(crop::kExpressionSide);
    for (const auto& [file, bytes] :
         {std::pair{"-images-idx3-ubyte", idx_header({count, side, side}) + pictures},
          std::pair{"-labels-idx1-ubyte", idx_header({count}) + labels}}) {
      if (Status written = replace_file(flags.out / (name + file), bytes); !written)
        return tl::make_unexpected(written.error());
    }
    report[name] = count;
  }
  return report;
}

}  // namespace

void add_hold_out(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("hold-out",
                                      "write the pictures that a run with these flags chooses on, for each "
                                      "head, as IDX pairs that evaluate reads");
  verb->footer(
      "Example: pyrometer-train hold-out --data ../shared/data/fer2013 --hold-out 0.05 --out out/hold_out; "
      "then\n"
      "pyrometer evaluate … --calibrate-on out/hold_out/product-images-idx3-ubyte");
  auto flags = std::make_shared<HoldOutFlags>();
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", flags->out, "folder to write; it holds pictures of the set")->required();
  verb->add_option("--hold-out", flags->share, "as the run was told")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  verb->add_option("--split-seed", flags->split_seed, "as the run was told")->capture_default_str();
  add_threads(*verb);
  verb->callback([&chosen, flags] { chosen = [flags] { return print(write_hold_out(*flags)); }; });
}

}  // namespace pyro::training
