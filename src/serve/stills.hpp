// What the expression model says of one picture that somebody sent to be kept.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"
#include "pyro/serve/problem.hpp"

namespace pyro::serve {

// One picture (JPEG, PNG, WebP, BMP). Error (bad_input): it is none, or has more than 16 megapixels.
[[nodiscard]] Result<records::Frame> decoded_picture(const std::string& bytes);

class Stills {
 public:
  Stills(const infer::ModelStore& models, const pipeline::WalkSettings& walk);
  ~Stills();
  Stills(const Stills&) = delete;
  Stills& operator=(const Stills&) = delete;

  // From the next picture on.
  void use(const infer::ModelStore& models);
  // {"faces":[{"valid":…,"reason":…,"box":[x,y,w,h],"p":[7]|null,"label":…,"place":…|null}],"model":…,"notice":…},
  // best face first. One picture at a time, whoever asks: live streams go before. Networks are loaded with
  // the first. Error (bad_input): not a picture.
  [[nodiscard]] Result<Json> predict(const std::string& picture);
  // Where its faces are and how well they can be read, best first; no expression is computed. Error as above.
  [[nodiscard]] Result<Json> look(const std::string& picture);
  // The map that places are told on: some of the faces that it was fitted on. nullopt: there is none of this
  // model.
  [[nodiscard]] Result<std::optional<Json>> map();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::serve
