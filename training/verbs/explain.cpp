#include "verbs/explain.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "explain/explain.hpp"
#include "pyro/base/notice.hpp"

namespace pyro::training {
namespace {

struct Flags {
  std::filesystem::path weights;
  std::vector<std::string> images;
  std::string target, out, head = "product";
  ExplainOptions options;
  bool json = false;
};

Status explain_verb(Flags flags) {
  const auto named = std::find(records::kEmotionNames.begin(), records::kEmotionNames.end(), flags.target);
  if (named != records::kEmotionNames.end()) {
    flags.options.target = static_cast<std::size_t>(named - records::kEmotionNames.begin());
  }
  flags.options.head = flags.head == "fer2013" ? Head::fer2013 : Head::product;
  const auto faces = explain_pictures(flags.weights, flags.images, flags.options);
  if (!faces) {
    return tl::make_unexpected(faces.error());
  }
  for (const explain::FaceExplanation& face : *faces) {
    if (flags.json) {
      std::cout << explain::to_json(face).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                << '\n';
    } else {
      std::cout << explain::text_of(face) << '\n';
    }
  }
  if (!flags.json) {
    std::cout << kNotice << '\n';
  }
  return flags.out.empty() ? Status{} : explain::write_pictures(*faces, flags.out);
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  CLI::App* verb =
      app.add_subcommand("explain", "where a network looks in cropped faces, by gradients of its checkpoint");
  verb->footer(
      "Example: pyrometer-train explain --weights out/run1/best.pt face.png --class sad --out explained");
  auto flags = std::make_shared<Flags>();
  verb->add_option("images", flags->images, "pictures, each of them one cropped face")->required();
  verb->add_option("--weights,--model", flags->weights, kWeightsHelp)->required();
  verb->add_option("--class", flags->target, "the class to explain; else each face's most probable")
      ->check(CLI::IsMember(
          std::vector<std::string>(records::kEmotionNames.begin(), records::kEmotionNames.end())));
  verb->add_option("--head", flags->head)
      ->check(CLI::IsMember({"product", "fer2013"}))
      ->capture_default_str();
  verb->add_option("--method", flags->options.method)
      ->check(CLI::IsMember({"grad-cam", "smoothgrad"}))
      ->capture_default_str();
  verb->add_option("--samples", flags->options.smooth.samples, "noisy copies of SmoothGrad")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_option("--random", flags->options.faithfulness.random, "random maps to compare with")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_option("--seed", flags->options.faithfulness.seed, "of the random maps")->capture_default_str();
  verb->add_option("--out", flags->out, "folder for explanation.html and a PNG for each face");
  verb->add_flag("--json", flags->json, "a line of JSON a face");
  add_threads(*verb);
  verb->callback([&chosen, flags] { chosen = [flags] { return explain_verb(*flags); }; });
}

}  // namespace pyro::training
